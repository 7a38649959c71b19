import type { StoredPasskey } from "../../../src/helpdesk/people/passkeys/stored-passkey.ts";

/** A passkey that is stored. Nobody can use it. */
export const A_PASSKEY: StoredPasskey = {
	...{ id: "passkey", publicKey: "key", counter: 0, transports: [], rpId: "help.example.com" },
	...{ browser: "Firefox", system: "Linux", addedAt: 0, usedAt: null },
};
