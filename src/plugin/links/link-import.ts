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
	  }
	| {
			readonly kind: "would-link";
			readonly identityId: string;
			readonly userId: string;
			readonly found: Link | undefined;
	  };

type JudgedByEpoch =
	| Exclude<Judgement, { readonly kind: "would-link" }>
	| (Extract<Judgement, { readonly kind: "would-link" }> & { readonly epoch: string | null });

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
	async run(rows: readonly LinkRow[], { dryRun }: LinkImport): Promise<readonly LinkResult[]> {
		const results = await this.resultsOf(rows, dryRun);
		if (!dryRun) {
			const fields: Record<string, number> = {};
			for (const result of results) {
				fields[result] = (fields[result] ?? 0) + 1;
			}
			const message = "links to X accounts were imported";
			this.host.events.emit({ name: "links.imported", level: "info", message, fields });
		}
		return results.map(linkResult);
	}

	private async resultsOf(rows: readonly LinkRow[], dryRun: boolean): Promise<ImportResult[]> {
		const named = namedIdentities(rows);
		const state: FileState = {
			contradictions: await this.contradictionsIn(rows, named),
			named,
			rounded: roundedIn(rows),
			planned: new Map(),
			epochs: await this.epochsOf(rows),
		};
		const results: ImportResult[] = [];
		for (const row of rows) {
			if (results.length % ROWS_AT_ONCE === 0) {
				await othersFirst();
			}
			const result = dryRun ? await this.foresee(row, state) : await this.link(row, state);
			const id = importedId(row.identityId);
			const isDoubtful = id.kind === "id" && id.looksRounded;
			const isLinked = result === "would-link" || result === "linked";
			results.push(isDoubtful && isLinked ? `${result}-zeros` : result);
		}
		return results;
	}

	private async foresee(row: LinkRow, state: FileState): Promise<Judgement["kind"]> {
		const judged = await this.judge(row, state);
		if (judged.kind === "would-link") {
			state.planned.set(claimOf(row, judged.identityId), judged.userId);
		}
		return judged.kind;
	}

	private async link(row: LinkRow, state: FileState): Promise<Judgement["kind"] | "linked"> {
		const epoch = state.epochs.get(row.brandId);
		let isFirstRound = true;
		const judged = await updateEntry(this.host.storage, async () => {
			if (!isFirstRound && (await this.isPurged(row, epoch))) {
				return { result: { kind: "purged" } as const };
			}
			isFirstRound = false;
			const result = await this.judgeByEpoch(row, state);
			return { commit: this.commitOf(row, result, epoch), result };
		});
		if (judged.kind !== "would-link") {
			return judged.kind;
		}
		// The user may have been deleted meanwhile.
		if ((await this.host.users.find(judged.userId)) === undefined) {
			await this.userLinks.detach(judged.userId, { ...row, identityId: judged.identityId });
			return "no-user";
		}
		return "linked";
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
		const found = await this.links.find(brandId, identityId);
		const owner = found?.userId ? await this.host.users.find(found.userId) : undefined;
		// This comes first: an existing link needs no proof of who owns the account.
		if (owner !== undefined && (await this.users.means(row, owner.id))) {
			return { kind: "already-linked" };
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
			return { kind: "already-linked" };
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
		return { kind: "would-link", identityId, userId: user.id, found };
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
