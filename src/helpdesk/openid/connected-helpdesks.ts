import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import { type Secret, secret } from "../../contract/secret.ts";
import type { HostStorage } from "../../contract/storage.ts";
import type { Vault } from "../settings/vault.ts";
import { CONNECTED_HELPDESK, type ConnectedHelpdesk } from "./connected-helpdesk.ts";
import { KeptHelpdesks, type LastTest } from "./kept-helpdesks.ts";

/** All of a connected helpdesk but what is made for it. */
export type NewConnectedHelpdesk = Omit<ConnectedHelpdesk, "id" | "secret" | "createdAt">;

/** A helpdesk that the start configures. It stays as it is until a start configures it otherwise. */
export interface ConfiguredHelpdesk {
	readonly brandId: string;
	/** The `client_id`. */
	readonly id: string;
	readonly helpdesk: NewConnectedHelpdesk;
	/** Undefined: it proves itself without one. */
	readonly secret: Secret | undefined;
}

/** A connected helpdesk with its new client secret, which is shown once. */
export interface WithSecret {
	readonly helpdesk: ConnectedHelpdesk;
	readonly secret: Secret;
}

/** The helpdesks that one brand is connected to: clients of its OpenID Provider. */
export class ConnectedHelpdesks {
	private readonly kept: KeptHelpdesks<ConnectedHelpdesk>;

	/**
	 * @param report called for stored ones that cannot be read and are left out of {@link all}.
	 * @param configured those that the start configures. A stored one with the id of one of them stays, and does not count.
	 */
	constructor(
		private readonly brandId: string,
		storage: HostStorage,
		private readonly vault: Vault,
		clock: Clock,
		private readonly random: Random,
		report: (what: string, error: unknown) => void,
		configured: readonly ConfiguredHelpdesk[] = [],
	) {
		const own = configured.filter((each) => each.brandId === brandId);
		this.kept = new KeptHelpdesks({
			...{ storage, clock, random, report, kind: CONNECTED_HELPDESK },
			configured: own.map(({ id, helpdesk, secret: given }) => {
				const sealed = given ? vault.seal(given, this.placeOf(id)) : this.newSecret(id).sealed;
				return { ...helpdesk, id, secret: sealed, createdAt: 0 };
			}),
		});
	}

	/** Whether the start configures it. Then nothing else changes it. */
	isConfigured(id: string): boolean {
		return this.kept.isConfigured(id);
	}

	async find(id: string): Promise<ConnectedHelpdesk | undefined> {
		return this.kept.find(id);
	}

	/** See {@link KeptHelpdesks.all}. */
	async all(
		report?: (what: string, error: unknown) => void,
	): Promise<readonly ConnectedHelpdesk[]> {
		return this.kept.all(report);
	}

	/** @returns undefined when the brand is connected to as many helpdesks as it may be. */
	async add(helpdesk: NewConnectedHelpdesk): Promise<WithSecret | undefined> {
		const { id, createdAt } = this.kept.newOne(helpdesk.preset);
		const made = this.newSecret(id);
		const added: ConnectedHelpdesk = { ...helpdesk, id, secret: made.sealed, createdAt };
		return (await this.kept.add(added)) ? { helpdesk: added, secret: made.secret } : undefined;
	}

	/**
	 * Changes a helpdesk. One with another address gets a new secret, because the old one belongs to the old address.
	 *
	 * @returns the helpdesk as it is from then on, with its secret if that is new; undefined when there is none that can be
	 * changed.
	 */
	async change(
		id: string,
		change: (helpdesk: ConnectedHelpdesk) => NewConnectedHelpdesk,
	): Promise<(Pick<WithSecret, "helpdesk"> & Partial<WithSecret>) | undefined> {
		let made: Made | undefined;
		const helpdesk = await this.kept.change(id, (old) => {
			const changed = change(old);
			made = changed.address === old.address ? undefined : this.newSecret(id);
			const kept = { id, createdAt: old.createdAt, secret: made?.sealed ?? old.secret };
			return { ...old, ...changed, ...kept };
		});
		return helpdesk && { helpdesk, ...(made && { secret: made.secret }) };
	}

	/** Makes a new secret. The old one ends at once. @returns undefined when there is none that can be changed. */
	async renewSecret(id: string): Promise<WithSecret | undefined> {
		const made = this.newSecret(id);
		const helpdesk = await this.kept.change(id, (old) => ({ ...old, secret: made.sealed }));
		return helpdesk && { helpdesk, secret: made.secret };
	}

	async remove(id: string): Promise<void> {
		await this.kept.remove(id);
	}

	secretOf({ id, secret: sealed }: Pick<ConnectedHelpdesk, "id" | "secret">): Secret {
		return this.vault.open(sealed, this.placeOf(id));
	}

	/** See {@link KeptHelpdesks.reseal}. */
	async reseal(): Promise<void> {
		await this.kept.reseal((helpdesk) => {
			const sealed = this.vault.resealed(helpdesk.secret, this.placeOf(helpdesk.id));
			return sealed === helpdesk.secret ? helpdesk : { ...helpdesk, secret: sealed };
		});
	}

	/** Notes that somebody has logged in to it. */
	async noteUse(id: string): Promise<void> {
		await this.kept.noteUse(id);
	}

	/** See {@link KeptHelpdesks.lastUsed}. */
	async lastUsed(id: string): Promise<number | undefined> {
		return this.kept.lastUsed(id);
	}

	/** See {@link KeptHelpdesks.noteTest}. */
	async noteTest(helpdesk: ConnectedHelpdesk, problem: string | null): Promise<void> {
		await this.kept.noteTest(helpdesk, problem);
	}

	/** See {@link KeptHelpdesks.lastTests}. */
	async lastTests(): Promise<ReadonlyMap<string, LastTest>> {
		return this.kept.lastTests();
	}

	private newSecret(id: string): Made {
		const made = secret(Buffer.from(this.random.bytes(32)).toString("base64url"));
		return { secret: made, sealed: this.vault.seal(made, this.placeOf(id)) };
	}

	private placeOf(id: string): string {
		return `client secret of ${this.brandId} ${id}`;
	}
}

interface Made {
	readonly secret: Secret;
	readonly sealed: string;
}
