export async function fetchWithAuth(url: string, options: RequestInit = {}): Promise<Response> {
  const send = (): Promise<Response> =>
    fetch(url, {
      ...options,
      headers: { ...options.headers, Authorization: `Bearer ${localStorage.getItem('access')}` },
    });
  const response = await send();
  if (response.status !== 401) return response;
  const refreshed = await fetch('/refresh', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ refreshToken: localStorage.getItem('refresh') }),
  });
  if (!refreshed.ok) {
    localStorage.clear();
    throw new Error('signed out');
  }
  const { accessToken, refreshToken } = await refreshed.json();
  localStorage.setItem('access', accessToken);
  localStorage.setItem('refresh', refreshToken);
  return send();
}
