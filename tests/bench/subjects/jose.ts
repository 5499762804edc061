import { decodeJwt } from 'jose';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  decode: decodeJwt,
  isExpired: (token) => Number(decodeJwt(token).exp) <= Date.now() / 1000,
};
