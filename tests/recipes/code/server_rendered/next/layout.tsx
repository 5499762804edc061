import type { ReactNode } from 'react';

import { Guard } from './guard';

export default function Layout({ children }: { children: ReactNode }): ReactNode {
  return (
    <html lang="en">
      <body>
        <Guard>{children}</Guard>
      </body>
    </html>
  );
}
