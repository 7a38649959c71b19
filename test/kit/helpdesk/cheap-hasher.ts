import { PasswordHasher } from "../../../src/helpdesk/people/password-hash.ts";

/** Hashes at scrypt's lowest cost, for tests of everything but the hash itself. */
export const CHEAP_HASHER = new PasswordHasher({ N: 2, r: 1, p: 1 });
