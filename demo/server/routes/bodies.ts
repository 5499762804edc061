import express from 'express';
import { z } from 'zod';

/** Bodies of the sign-in routes are small; anything bigger is a mistake or an attack. */
export const jsonBody = express.json({ limit: '16kb' });
export const formBody = express.urlencoded({ extended: false, limit: '16kb' });

// Upper bounds because each try at a password costs real work.
export const credentials = z.object({
  email: z.string().min(1).max(320),
  password: z.string().min(1).max(1024),
});

export const refreshTokenBody = z.object({ refreshToken: z.string().min(1).max(4096) });
