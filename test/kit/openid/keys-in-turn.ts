import {
	type MakeSigningKey,
	makeSigningKey,
	type SigningKey,
} from "../../../src/helpdesk/openid/signing-keys.ts";

/** More than the brands, nodes and rotations of one test need. */
const KEPT = 8;
const kept: Promise<SigningKey>[] = [];
let turn = 0;

/**
 * Signing keys for tests of everything but how keys are made. A process makes a few RSA keys and hands them out in turn, because
 * to make one takes longer than most tests. Keys of elliptic curves are new ones.
 */
export const keysInTurn: MakeSigningKey = (alg) => {
	if (alg !== "RS256") {
		return makeSigningKey(alg);
	}
	const place = turn % KEPT;
	turn += 1;
	kept[place] ??= makeSigningKey(alg);
	return kept[place];
};
