import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { Secret } from "../../contract/secret.ts";
import type { HostStorage } from "../../contract/storage.ts";
import { KeptHelpdesks } from "../openid/kept-helpdesks.ts";
import type { Vault } from "../settings/vault.ts";
import { HAND_OFF_HELPDESK, type HandOffHelpdesk } from "./hand-off-helpdesk.ts";

/** The secrets of a helpdesk. */
const SECRETS = ["secret", "apiToken"] as const;
type SecretName = (typeof SECRETS)[number];

/** All of a helpdesk but what is made for it and what is secret. */
export type NewHandOffHelpdesk = Omit<HandOffHelpdesk, "id" | "createdAt" | SecretName>;

/** What an administrator gives. Left out: it stays as it is. Null: it is dropped. */
export type GivenSecrets = { readonly [name in SecretName]?: Secret | null | undefined };

/** A helpdesk that the start configures. It stays as it is until a start configures it otherwise. */
export interface ConfiguredHandOff {
	readonly brandId: string;
	readonly id: string;
	readonly helpdesk: NewHandOffHelpdesk;
	readonly secrets: GivenSecrets;
}

type Sealed = Pick<HandOffHelpdesk, SecretName>;

const NOTHING_SEALED: Sealed = { secret: null, apiToken: null };

/**
 * The helpdesks that one brand hands users over to. Their secrets are written and used, and never shown. Each is encrypted
 * for the address that it was given for, so that no other address ever gets what it signs or opens.
 */
export class HandOffHelpdesks {
	private readonly kept: KeptHelpdesks<HandOffHelpdesk>;

	/**
	 * @param report called for stored ones that cannot be read and are left out of {@link all}.
	 * @param configured those that the start configures. A stored one with the id of one of them stays, and does not count.
	 */
	constructor(
		private readonly brandId: string,
		storage: HostStorage,
		private readonly vault: Vault,
		clock: Clock,
		random: Random,
		report: (what: string, error: unknown) => void,
		configured: readonly ConfiguredHandOff[] = [],
	) {
		const own = configured.filter((each) => each.brandId === brandId);
		this.kept = new KeptHelpdesks({
			...{ storage, clock, random, report, kind: HAND_OFF_HELPDESK },
			configured: own.map(({ id, helpdesk, secrets }) => {
				const sealed = this.sealed({ id, address: helpdesk.address }, NOTHING_SEALED, secrets);
				return { ...helpdesk, ...sealed, id, createdAt: 0 };
			}),
		});
	}

	/** Whether the start configures it. Then nothing else changes it. */
	isConfigured(id: string): boolean {
		return this.kept.isConfigured(id);
	}

	async find(id: string): Promise<HandOffHelpdesk | undefined> {
		return this.kept.find(id);
	}

	/** See {@link KeptHelpdesks.all}. */
	async all(report?: (what: string, error: unknown) => void): Promise<readonly HandOffHelpdesk[]> {
		return this.kept.all(report);
	}

	/** @returns undefined when the brand is connected to as many helpdesks as it may be. */
	async add(
		helpdesk: NewHandOffHelpdesk,
		secrets: GivenSecrets,
	): Promise<HandOffHelpdesk | undefined> {
		const made = this.kept.newOne(helpdesk.preset);
		const { address } = helpdesk;
		const sealed = this.sealed({ id: made.id, address }, NOTHING_SEALED, secrets);
		const added: HandOffHelpdesk = { ...helpdesk, ...sealed, ...made };
		return (await this.kept.add(added)) ? added : undefined;
	}

	/**
	 * Changes a helpdesk. One with another address loses the secrets that belong to the old one, but for those that are given
	 * in the same step: otherwise a new address would get what was entrusted to the old one.
	 *
	 * @returns the helpdesk as it is from then on; undefined when there is none that can be changed.
	 */
	async change(
		id: string,
		helpdesk: NewHandOffHelpdesk,
		secrets: GivenSecrets,
	): Promise<HandOffHelpdesk | undefined> {
		return this.kept.change(id, (old) => {
			const kept = old.address === helpdesk.address ? old : NOTHING_SEALED;
			const sealed = this.sealed({ id, address: helpdesk.address }, kept, secrets);
			return { ...old, ...helpdesk, ...sealed, id, createdAt: old.createdAt };
		});
	}

	async remove(id: string): Promise<void> {
		await this.kept.remove(id);
	}

	/** @returns undefined when nobody has given it. @throws Error when it was encrypted with an unknown key. */
	secretOf(
		helpdesk: Pick<HandOffHelpdesk, "id" | "address" | SecretName>,
		name: SecretName,
	): Secret | undefined {
		const sealed = helpdesk[name];
		return sealed === null ? undefined : this.vault.open(sealed, this.placeOf(helpdesk, name));
	}

	/** See {@link KeptHelpdesks.reseal}. */
	async reseal(): Promise<void> {
		await this.kept.reseal((helpdesk) => {
			const sealed = this.resealed(helpdesk);
			const isSame = SECRETS.every((name) => sealed[name] === helpdesk[name]);
			return isSame ? helpdesk : { ...helpdesk, ...sealed };
		});
	}

	/** Notes that somebody was handed over to it. */
	async noteUse(id: string): Promise<void> {
		await this.kept.noteUse(id);
	}

	/** See {@link KeptHelpdesks.lastUsed}. */
	async lastUsed(id: string): Promise<number | undefined> {
		return this.kept.lastUsed(id);
	}

	private sealed(
		helpdesk: Pick<HandOffHelpdesk, "id" | "address">,
		kept: Sealed,
		given: GivenSecrets,
	): Sealed {
		const one = (name: SecretName): string | null => {
			const secret = given[name];
			return secret
				? this.vault.seal(secret, this.placeOf(helpdesk, name))
				: secret === null
					? null
					: kept[name];
		};
		return { secret: one("secret"), apiToken: one("apiToken") };
	}

	private resealed(helpdesk: HandOffHelpdesk): Sealed {
		const one = (name: SecretName): string | null => {
			const sealed = helpdesk[name];
			return sealed === null ? null : this.vault.resealed(sealed, this.placeOf(helpdesk, name));
		};
		return { secret: one("secret"), apiToken: one("apiToken") };
	}

	private placeOf(
		{ id, address }: Pick<HandOffHelpdesk, "id" | "address">,
		name: SecretName,
	): string {
		return `hand-off ${name} of ${this.brandId} ${id} at ${address}`;
	}
}
