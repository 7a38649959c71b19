import { secret } from "../../contract/secret.ts";
import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import { fieldsOf } from "../../storage/stored-value.ts";
import { NAMESPACES } from "../namespaces.ts";
import type { Vault } from "../settings/vault.ts";
import { type StoredLetter, usefulUntil } from "./stored-letter.ts";

/**
 * The texts of letters that have ended, so that operators can have them sent again. Texts hold codes and links: each is sealed,
 * nobody sees it, and it expires when the letter ceases to be of use.
 */
export class KeptTexts {
	/** @param storage the storage of the helpdesk. */
	constructor(
		private readonly storage: HostStorage,
		private readonly vault: Vault,
	) {}

	/** What a commit needs that ends a letter. */
	keeping(id: string, letter: StoredLetter): StorageCommit {
		const sealed = this.vault.seal(secret(letter.text), placeOf(id));
		const expiresAt = usefulUntil(letter);
		return { sets: [{ key: keptTextKey(id), value: { sealed }, expiresAt }] };
	}

	/** @returns undefined once it has expired, and for one that no key opens. */
	async find(id: string): Promise<string | undefined> {
		const { sealed } = fieldsOf((await this.storage.get(keptTextKey(id)))?.value);
		try {
			return typeof sealed === "string" ? this.vault.open(sealed, placeOf(id)).reveal() : undefined;
		} catch {
			// The letter is then one that cannot be sent again.
			return undefined;
		}
	}
}

export function keptTextKey(id: string): StorageKey {
	return [...NAMESPACES.letterTexts, id];
}

function placeOf(id: string): string {
	return `the letter ${id}`;
}
