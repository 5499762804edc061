import axios, { type AxiosInstance } from 'axios';
import { createAuthRefresh } from 'axios-auth-refresh';

export function createApi(baseURL: string): AxiosInstance {
  const api = axios.create({ baseURL });
  api.interceptors.request.use((request) => {
    request.headers.set('Authorization', `Bearer ${localStorage.getItem('access')}`);
    return request;
  });
  createAuthRefresh(api, async () => {
    const { data } = await axios.post(`${baseURL}/refresh`, {
      refreshToken: localStorage.getItem('refresh'),
    });
    localStorage.setItem('access', data.accessToken);
    localStorage.setItem('refresh', data.refreshToken);
  });
  return api;
}
