interface GraphqlAnswer {
  errors?: { extensions?: { code?: string } }[];
}

/** The option `refused` for a GraphQL server that refuses a token with status 200. */
export async function isUnauthenticated(response: Response): Promise<boolean> {
  if (!response.headers.get('content-type')?.includes('json')) return false;
  const { errors = [] } = (await response.json()) as GraphqlAnswer;
  return errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
}
