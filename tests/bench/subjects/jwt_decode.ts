import { jwtDecode } from 'jwt-decode';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  decode: (token) => jwtDecode(token),
  isExpired: (token) => Number(jwtDecode(token).exp) <= Date.now() / 1000,
};
