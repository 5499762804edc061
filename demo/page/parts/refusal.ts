/** The server's own sentence about a token that it refused (RFC 6750, section 3). */
export function refusalOf(response: Response): string | undefined {
  const challenge = response.headers.get('WWW-Authenticate') ?? '';
  return /error_description="([^"]*)"/.exec(challenge)?.[1];
}
