// As openapi-typescript writes it, shortened.
export interface paths {
  '/api/notes': {
    get: {
      responses: { 200: { content: { 'application/json': { path: string; generation: number } } } };
    };
    post: {
      requestBody: { content: { 'application/json': { text: string } } };
      responses: { 200: { content: { 'application/json': { path: string; generation: number } } } };
    };
  };
}
