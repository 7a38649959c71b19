import { canonicalEmail } from "../../contract/email-address.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LinkRow } from "../../contract/link-transfer.ts";
import type { StorageCheck } from "../../contract/storage.ts";
import type { EmailOwner } from "../../contract/users.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { importedId } from "./imported-id.ts";
import { type Link, Links } from "./links.ts";
import { OpenBrands } from "./open-brands.ts";

/** What becomes of a row; a sentence for each is in the locales. */
export type ImportFate =
	| "would-link"
	| "linked"
	| "already-linked"
	| "handle"
	| "mangled"
	| "not-an-id"
	| "unknown-brand"
	| "no-user"
	| "other-brand"
	| "staff"
	| "suspended"
	| "unproven"
	| "two-users"
	| "linked-elsewhere"
	| "contradiction"
	| "signing-up"
	| "purged";

/** After so long a sign-up that has not ended was left by a crash. */
const SIGN_UP_MS = 10 * 60_000;
/** Rows until others get their turn: storages may answer without ever waiting. */
const ROWS_AT_ONCE = 50;
const MAX_USER_ID = 128;

type Judgement =
	| { readonly fate: Exclude<ImportFate, "would-link" | "linked"> }
	| {
			readonly fate: "would-link";
			readonly identityId: string;
			readonly userId: string;
			readonly found: Link | undefined;
	  };

type RowUser =
	| { readonly kind: "user"; readonly id: string }
	| { readonly kind: "no-user" | "other-brand" | "staff" | "suspended" | "unproven" | "two-users" };

/** Who gets which identity by the rows so far: what a dry run would have linked, and what nobody gets. */
interface FileState {
	readonly contradictions: ReadonlySet<string>;
	readonly planned: Map<string, string>;
	/** Of the brands, from when the import began. */
	readonly epochs: ReadonlyMap<string, StorageCheck>;
}

/** Brings links along from another log-in: only to accounts that are proven, and never from a living user. */
@injectable()
export class LinkImporter {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(Links) private readonly links: Links,
		@inject(OpenBrands) private readonly openBrands: OpenBrands,
	) {}

	/** The fate of each row, in order. A dry run stores nothing. */
	async run(rows: readonly LinkRow[], dryRun: boolean): Promise<ImportFate[]> {
		const state: FileState = {
			contradictions: await this.contradictionsIn(rows),
			planned: new Map(),
			epochs: await this.epochsOf(rows),
		};
		const fates: ImportFate[] = [];
		for (const row of rows) {
			if (fates.length % ROWS_AT_ONCE === 0) {
				await othersFirst();
			}
			fates.push(dryRun ? await this.foresee(row, state) : await this.link(row, state));
		}
		return fates;
	}

	private async foresee(row: LinkRow, state: FileState): Promise<ImportFate> {
		const judged = await this.judge(row, state);
		if (judged.fate === "would-link") {
			state.planned.set(claimOf(row, judged.identityId), judged.userId);
		}
		return judged.fate;
	}

	/** Repeats until nobody wrote in between. */
	private async link(row: LinkRow, state: FileState): Promise<ImportFate> {
		for (;;) {
			// Judged once the epoch is known: whoever claims the account from now on gets it without the link.
			const user = await this.userOf(row);
			const epoch = user.kind === "user" ? await this.links.epochOf(user.id) : null;
			const judged = await this.judge(row, state);
			if (judged.fate !== "would-link") {
				return judged.fate;
			}
			if (user.kind !== "user" || user.id !== judged.userId) {
				continue;
			}
			const { identityId, userId, found } = judged;
			const identity = { id: identityId, handle: handleIn(row) };
			const linkedAt = Math.min(row.linkedAt ?? Number.POSITIVE_INFINITY, this.host.clock.now());
			const brand = state.epochs.get(row.brandId);
			const conditions = { epoch, linkedAt, ...(brand && { brand }) };
			if (!(await this.links.confirm(row.brandId, identity, found, userId, conditions))) {
				if (brand?.version !== (await this.openBrands.epochOf(row.brandId)).version) {
					return "purged";
				}
				continue;
			}
			// Somebody deleted meanwhile leaves nothing behind.
			if ((await this.host.users.find(userId)) === undefined) {
				await this.links.remove(userId, identityId);
				return "no-user";
			}
			return "linked";
		}
	}

	private async epochsOf(rows: readonly LinkRow[]): Promise<Map<string, StorageCheck>> {
		const epochs = new Map<string, StorageCheck>();
		for (const { brandId } of rows) {
			if (!epochs.has(brandId) && (await this.host.brands.find(brandId)) !== undefined) {
				epochs.set(brandId, await this.openBrands.epochOf(brandId));
			}
		}
		return epochs;
	}

	private async judge(row: LinkRow, state: FileState): Promise<Judgement> {
		const { brandId } = row;
		if ((await this.host.brands.find(brandId)) === undefined) {
			return { fate: "unknown-brand" };
		}
		const id = importedId(row.identityId);
		if (id.kind !== "id") {
			return { fate: id.kind };
		}
		const { identityId } = id;
		const user = await this.userOf(row);
		if (user.kind !== "user") {
			return { fate: user.kind };
		}
		const found = await this.links.find(brandId, identityId);
		const claim = claimOf(row, identityId);
		if (found?.userId === user.id || state.planned.get(claim) === user.id) {
			return { fate: "already-linked" };
		}
		if (found?.userId && (await this.host.users.find(found.userId)) !== undefined) {
			return { fate: "linked-elsewhere" };
		}
		if (state.contradictions.has(claim)) {
			return { fate: "contradiction" };
		}
		// The sign-up may have made a user already, whom a link to this one would leave without a way in.
		if (found?.userId === null && this.host.clock.now() - found.linkedAt < SIGN_UP_MS) {
			return { fate: "signing-up" };
		}
		return { fate: "would-link", identityId, userId: user.id, found };
	}

	private async userOf({ brandId, email = "", userId = "" }: LinkRow): Promise<RowUser> {
		if (email.trim() === "") {
			return this.userById(brandId, userId);
		}
		const address = canonicalEmail(email);
		if (address === undefined) {
			return { kind: "no-user" };
		}
		const owner = await this.host.users.ownerOf(brandId, address);
		if (owner.kind === "nobody") {
			return { kind: (await this.isElsewhere(brandId, address)) ? "other-brand" : "no-user" };
		}
		const user = proven(owner);
		if (user.kind === "user" && user.id !== userId && isUserId(userId)) {
			const other = await this.host.users.find(userId);
			return other === undefined ? user : { kind: "two-users" };
		}
		return user;
	}

	private async userById(brandId: string, userId: string): Promise<RowUser> {
		const user = isUserId(userId) ? await this.host.users.find(userId) : undefined;
		if (user === undefined) {
			return { kind: "no-user" };
		}
		if (user.brandId !== brandId) {
			return { kind: "other-brand" };
		}
		const owner = await this.host.users.ownerOf(brandId, user.email ?? "");
		const judged = proven(owner);
		// Nobody can prove an account that has no address, or whose address is somebody else's.
		return judged.kind === "user" && judged.id !== user.id ? { kind: "unproven" } : judged;
	}

	private async isElsewhere(brandId: string, address: string): Promise<boolean> {
		for (const { id } of await this.host.brands.list()) {
			if (id !== brandId && (await this.host.users.ownerOf(id, address)).kind === "user") {
				return true;
			}
		}
		return false;
	}

	/** The identities that the rows give to several users of a brand. */
	private async contradictionsIn(rows: readonly LinkRow[]): Promise<ReadonlySet<string>> {
		const byClaim = new Map<string, LinkRow[]>();
		for (const row of rows) {
			const id = importedId(row.identityId);
			if (id.kind === "id") {
				const claim = claimOf(row, id.identityId);
				const claimants = byClaim.get(claim) ?? [];
				claimants.push(row);
				byClaim.set(claim, claimants);
			}
		}
		const contradictions = new Set<string>();
		let asked = 0;
		for (const [claim, claimants] of byClaim) {
			const owners = new Set<string>();
			for (const row of claimants.length > 1 ? claimants : []) {
				asked += 1;
				if (asked % ROWS_AT_ONCE === 0) {
					await othersFirst();
				}
				const user = await this.userOf(row);
				if (user.kind === "user") {
					owners.add(user.id);
				}
			}
			if (owners.size > 1) {
				contradictions.add(claim);
			}
		}
		return contradictions;
	}
}

function proven(owner: EmailOwner): RowUser {
	switch (owner.kind) {
		case "nobody":
			return { kind: "unproven" };
		case "staff":
			return { kind: "staff" };
		case "user":
			if (owner.suspended) {
				return { kind: "suspended" };
			}
			return owner.confirmed && !owner.unclaimed
				? { kind: "user", id: owner.id }
				: { kind: "unproven" };
	}
}

function othersFirst(): Promise<void> {
	return new Promise((resolve) => {
		setImmediate(resolve);
	});
}

function claimOf({ brandId }: LinkRow, identityId: string): string {
	return `${identityId} ${brandId}`;
}

/** Ids are parts of the host's storage keys. */
function isUserId(userId: string): boolean {
	return userId !== "" && userId.length <= MAX_USER_ID && userId.isWellFormed();
}

function handleIn({ handle = "" }: LinkRow): string {
	return /^@?([A-Za-z0-9_]{1,20})$/.exec(handle.trim())?.[1] ?? "";
}
