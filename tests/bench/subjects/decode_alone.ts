import { decodeJwt, isExpired } from 'bearerkit/decode';
import type { Subject } from './subject.ts';

export const subject: Subject = { decode: decodeJwt, isExpired };
