import { displayName } from "../../contract/display-name.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LinkImport, LinkResult, LinkRow } from "../../contract/link-transfer.ts";
import { type StorageCheck, type StorageCommit, StorageError } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { BrandEpochs } from "./brand-epochs.ts";
import { type ImportResult, linkResult } from "./import-result.ts";
import { importedId } from "./imported-id.ts";
import { ImportedUsers, type NamedIdentities, namedIdentities } from "./imported-user.ts";
import { type Link, Links } from "./links.ts";
import { roundedIn } from "./rounded-ids.ts";
import { UserLinks } from "./user-links.ts";

/** A sign-up that has not ended after this time was left behind by a crash. */
const SIGN_UP_MS = 10 * 60_000;
/** The most times a row is judged, because its address may move from one user to another meanwhile. */
const MAX_ROUNDS = 20;
/** Rows until other requests get their turn. A storage may answer without ever yielding to them. */
const ROWS_AT_ONCE = 50;

type Judgement =
	| {
			readonly kind: Exclude<
				ImportResult,
				"would-link" | "linked" | "would-link-zeros" | "linked-zeros"
			>;
			/** Whom the identity is linked to already. */
			readonly userId?: string;
			readonly looksRounded?: undefined;
	  }
	| {
			readonly kind: "would-link";
			readonly looksRounded: boolean;
			readonly identityId: string;
			readonly userId: string;
			readonly found: Link | undefined;
	  };

type JudgedByEpoch =
	| Exclude<Judgement, { readonly kind: "would-link" }>
	| (Extract<Judgement, { readonly kind: "would-link" }> & { readonly epoch: string | null });

type LinkedRow = Omit<Extract<Judgement, { readonly kind: "would-link" }>, "kind"> & {
	readonly kind: "linked";
};

type ImportedRow = Parameters<typeof linkResult>[0];

/** Facts about the whole file, for the import of each row. */
interface FileState {
	readonly contradictions: ReadonlySet<string>;
	readonly named: NamedIdentities;
	/** The ids that were rounded before they came here, as the file has them. */
	readonly rounded: ReadonlySet<string>;
	readonly planned: Map<string, string>;
	/** The epochs of the brands when the import began. */
	readonly epochs: ReadonlyMap<string, StorageCheck>;
}

/** Imports links from another log-in, or from an export. Never takes a link from an existing user. */
@injectable()
export class LinkImporter {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(Links) private readonly links: Links,
		@inject(UserLinks) private readonly userLinks: UserLinks,
		@inject(BrandEpochs) private readonly brandEpochs: BrandEpochs,
		@inject(ImportedUsers) private readonly users: ImportedUsers,
	) {}

	/** @returns what happened to each row, in order. A dry run stores nothing. */
	async run(
		rows: readonly LinkRow[],
		{ dryRun, others = [] }: LinkImport,
	): Promise<readonly LinkResult[]> {
		const results = await this.resultsOf(rows, [...rows, ...others], dryRun);
		if (!dryRun) {
			const fields: Record<string, number> = {};
			for (const { kind } of results) {
				fields[kind] = (fields[kind] ?? 0) + 1;
			}
			const message = "links to X accounts were imported";
			this.host.events.emit({ name: "links.imported", level: "info", message, fields });
		}
		return results.map(linkResult);
	}

	private async resultsOf(
		rows: readonly LinkRow[],
		all: readonly LinkRow[],
		dryRun: boolean,
	): Promise<readonly ImportedRow[]> {
		const named = namedIdentities(all);
		const state: FileState = {
			contradictions: await this.contradictionsIn(all, named),
			named,
			rounded: roundedIn(all),
			planned: new Map(),
			epochs: await this.epochsOf(rows),
		};
		const results: ImportedRow[] = [];
		for (const row of rows) {
			if (results.length % ROWS_AT_ONCE === 0) {
				await othersFirst();
			}
			const judged = dryRun ? await this.foresee(row, state) : await this.link(row, state);
			const kind = judged.looksRounded ? (`${judged.kind}-zeros` as const) : judged.kind;
			results.push({ kind, userId: judged.userId });
		}
		return results;
	}

	private async foresee(row: LinkRow, state: FileState): Promise<Judgement> {
		const judged = await this.judge(row, state);
		if (judged.kind === "would-link") {
			state.planned.set(claimOf(row, judged.identityId), judged.userId);
		}
		return judged;
	}

	private async link(row: LinkRow, state: FileState): Promise<Judgement | LinkedRow> {
		const epoch = state.epochs.get(row.brandId);
		let isFirstRound = true;
		const judged = await updateEntry<JudgedByEpoch>(this.host.storage, async () => {
			if (!isFirstRound && (await this.isPurged(row, epoch))) {
				return { result: { kind: "purged" } };
			}
			isFirstRound = false;
			const result = await this.judgeByEpoch(row, state);
			return { commit: this.commitOf(row, result, epoch), result };
		});
		if (judged.kind !== "would-link") {
			return judged;
		}
		// The user may have been deleted meanwhile.
		if ((await this.host.users.find(judged.userId)) === undefined) {
			await this.userLinks.detach(judged.userId, { ...row, identityId: judged.identityId });
			return { kind: "no-user" };
		}
		return { ...judged, kind: "linked" };
	}

	private async isPurged({ brandId }: LinkRow, epoch: StorageCheck | undefined): Promise<boolean> {
		return epoch?.version !== (await this.brandEpochs.check(brandId)).version;
	}

	private commitOf(
		row: LinkRow,
		judged: JudgedByEpoch,
		brand: StorageCheck | undefined,
	): StorageCommit | undefined {
		if (judged.kind !== "would-link") {
			return undefined;
		}
		const { identityId, userId, found, epoch } = judged;
		const identity = { id: identityId, handle: handleIn(row) };
		const linkedAt = Math.min(row.linkedAt ?? Number.POSITIVE_INFINITY, this.host.clock.now());
		const conditions = { epoch, linkedAt, ...(brand && { brand }) };
		return this.links.confirmation(row.brandId, identity, found, userId, conditions);
	}

	/** Reads the epoch before it judges: the link fails if somebody claims the account in between. */
	private async judgeByEpoch(row: LinkRow, state: FileState): Promise<JudgedByEpoch> {
		for (let round = 0; round < MAX_ROUNDS; round += 1) {
			const user = await this.users.userOf(row, state.named);
			const epoch = user.kind === "user" ? await this.links.epochOf(user.id) : null;
			const judged = await this.judge(row, state);
			if (judged.kind !== "would-link") {
				return judged;
			}
			if (user.kind === "user" && user.id === judged.userId) {
				return { ...judged, epoch };
			}
		}
		throw new StorageError("the address of a row moved from one user to another again and again");
	}

	private async epochsOf(rows: readonly LinkRow[]): Promise<Map<string, StorageCheck>> {
		const epochs = new Map<string, StorageCheck>();
		for (const { brandId } of rows) {
			if (!epochs.has(brandId) && (await this.host.brands.find(brandId)) !== undefined) {
				epochs.set(brandId, await this.brandEpochs.check(brandId));
			}
		}
		return epochs;
	}

	private async judge(row: LinkRow, state: FileState): Promise<Judgement> {
		const { brandId } = row;
		if ((await this.host.brands.find(brandId)) === undefined) {
			return { kind: "unknown-brand" };
		}
		const id = importedId(row.identityId);
		if (id.kind !== "id") {
			return { kind: id.kind };
		}
		const { identityId } = id;
		const { link: found, user: owner } = await this.links.findOwned(brandId, identityId);
		// This comes first: an existing link needs no proof of who owns the account.
		if (owner !== undefined && (await this.users.means(row, owner.id))) {
			return { kind: "already-linked", userId: owner.id };
		}
		if (state.rounded.has(row.identityId.trim())) {
			return { kind: "rounded" };
		}
		const user = await this.users.userOf(row, state.named);
		if (user.kind !== "user") {
			return { kind: user.kind };
		}
		const claim = claimOf(row, identityId);
		if (state.planned.get(claim) === user.id) {
			return { kind: "already-linked", userId: user.id };
		}
		if (owner !== undefined) {
			return { kind: "linked-elsewhere" };
		}
		if (state.contradictions.has(claim)) {
			return { kind: "contradiction" };
		}
		// The sign-up may have created a user already. That user could not log in if the link went to this one.
		if (found?.userId === null && this.host.clock.now() - found.linkedAt < SIGN_UP_MS) {
			return { kind: "signing-up" };
		}
		return { ...id, kind: "would-link", userId: user.id, found };
	}

	/** Finds the identities that the rows give to several users of a brand. */
	private async contradictionsIn(
		rows: readonly LinkRow[],
		named: NamedIdentities,
	): Promise<ReadonlySet<string>> {
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
				const user = await this.users.userOf(row, named);
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

function othersFirst(): Promise<void> {
	return new Promise((resolve) => {
		setImmediate(resolve);
	});
}

function claimOf({ brandId }: LinkRow, identityId: string): string {
	return `${identityId} ${brandId}`;
}

function handleIn({ handle = "" }: LinkRow): string {
	return /^@?([A-Za-z0-9_]{1,20})$/.exec(displayName(handle))?.[1] ?? "";
}
