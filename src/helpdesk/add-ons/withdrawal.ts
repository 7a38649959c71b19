import type { Brand } from "../../contract/brands.ts";
import type { PurgedLinks } from "../../contract/plugin.ts";
import { merged } from "../../storage/merged-commit.ts";
import type { KnownBrands } from "../brands/helpdesk-brands.ts";
import type { Outbox } from "../mail/outbox.ts";
import type { PasswordLetters } from "../people/password-letters.ts";
import type { PeopleCounts } from "../people/people-counts.ts";
import type { PeopleSearch } from "../people/people-search.ts";
import type { TaskStep } from "./jobs/task-list.ts";
import type { PluginHooks } from "./plugin-hooks.ts";

/** The people at one brand who lose a way to log in. */
export interface Concern {
	readonly brand: Brand;
	/** How many use it. */
	readonly people: number;
	/** How many have no other way to log in. */
	readonly stranded: number;
	/** How many of these can get an e-mail, if the administrator wants to send one. */
	readonly reachable: number;
}

/** The links that a step deletes: with their other halves and checks a commit of 300 keys. */
const LINKS_PER_STEP = 50;
/** The letters of a step: with their links to set a password a commit of 160 keys. */
const LETTERS_PER_STEP = 20;

export interface WithdrawalDeps {
	readonly brands: KnownBrands;
	readonly plugin: PluginHooks;
	readonly letters: Pick<PasswordLetters, "lastWayInEndsIn">;
	readonly outbox: Pick<Outbox, "forgetOf">;
	readonly search: Pick<PeopleSearch, "ofClasses">;
	readonly counts: Pick<PeopleCounts, "at">;
}

/**
 * The people who lose a way to log in when an add-on is deactivated, uninstalled or switched off: how many they are, the
 * letters to them, and the end of their links. Each call is a step of bounded size.
 */
export class Withdrawal {
	constructor(private readonly deps: WithdrawalDeps) {}

	/**
	 * The brands where anybody is concerned.
	 *
	 * @returns undefined while people of an earlier version, or all people, are being counted.
	 */
	async concerns(brandIds: readonly string[]): Promise<readonly Concern[] | undefined> {
		const { brands, counts, plugin } = this.deps;
		const { id } = plugin.loaded.manifest;
		const concerns: Concern[] = [];
		for (const brand of brandIds.map((brandId) => brands.find(brandId))) {
			if (brand === undefined) {
				continue;
			}
			const count = await counts.at(brand.id);
			if (!count.isReady) {
				return undefined;
			}
			const people = count.of(`linked:${id}`);
			if (people > 0) {
				const [stranded, reachable] = [count.of(`only:${id}`), count.of(`mailable:${id}`)];
				concerns.push({ brand, people, stranded, reachable });
			}
		}
		return concerns;
	}

	/** Writes to some of the users of a brand who have no other way to log in. @throws StorageError when there is no room. */
	async letters(brandId: string, from: string | undefined): Promise<TaskStep> {
		const { letters, plugin, search } = this.deps;
		const { id, name } = plugin.loaded.manifest;
		const statuses = ["active", "incomplete"] as const;
		const page = await search.ofClasses(brandId, statuses, ["link"], from, LETTERS_PER_STEP);
		const commits = [];
		for (const account of page.accounts) {
			const isConcerned = account.links?.some(({ addOn }) => addOn === id);
			const commit = isConcerned ? await letters.lastWayInEndsIn(account, name) : undefined;
			commits.push(...(commit === undefined ? [] : [commit]));
		}
		const written = commits.length;
		return { next: page.next, units: written, letters: written, commit: merged(...commits) };
	}

	/** Deletes some of the links of a brand, where the add-on is switched off. @throws the plugin's error. */
	async purgeSome(brandId: string): Promise<PurgedLinks> {
		return this.deps.plugin.purgeLinks(brandId, { most: LINKS_PER_STEP });
	}

	/** Deletes the add-on's letters at a brand. They may name people's accounts at the provider. */
	async forgetLetters(brandId: string): Promise<void> {
		await this.deps.outbox.forgetOf(this.deps.plugin.loaded.manifest.id, brandId);
	}
}
