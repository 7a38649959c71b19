import type { Brand } from "../../contract/brands.ts";
import type { BrandImpact, ImpactAction } from "../../contract/impact.ts";
import type { KnownBrands } from "../brands/helpdesk-brands.ts";
import type { Outbox } from "../mail/outbox.ts";
import type { Accounts } from "../people/accounts.ts";
import { needsPassword, type PasswordLetters } from "../people/password-letters.ts";
import type { PluginSettings } from "../settings/plugin-settings.ts";
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

/**
 * Finds the people who lose a way to log in when an add-on is deactivated, uninstalled or switched off. Writes to them,
 * and deletes their links.
 */
export class Withdrawal {
	constructor(
		private readonly brands: KnownBrands,
		private readonly plugin: PluginHooks,
		private readonly accounts: Accounts,
		private readonly letters: PasswordLetters,
		private readonly outbox: Outbox,
		private readonly settings: PluginSettings,
	) {}

	/** @returns undefined when the plugin could not tell. */
	async concerns(actions: readonly ImpactAction[]): Promise<readonly Concern[] | undefined> {
		const impacts = await this.impactsOf(actions);
		if (impacts === undefined) {
			return undefined;
		}
		const concerns: Concern[] = [];
		for (const impact of impacts) {
			const brand = this.brands.find(impact.brandId);
			if (brand === undefined) {
				continue;
			}
			let reachable = 0;
			for (const userId of impact.strandedUserIds) {
				const account = await this.accounts.find(userId);
				reachable += account !== undefined && needsPassword(account) ? 1 : 0;
			}
			const { people, strandedUserIds } = impact;
			concerns.push({ brand, people, stranded: strandedUserIds.length, reachable });
		}
		return concerns;
	}

	/** Writes to every user who has no other way to log in. @returns how many e-mails were written. */
	async writeLetters(actions: readonly ImpactAction[]): Promise<number> {
		let written = 0;
		for (const { brandId, strandedUserIds } of (await this.impactsOf(actions)) ?? []) {
			for (const userId of strandedUserIds) {
				const account = await this.accounts.find(userId);
				if (account?.brandId === brandId) {
					const { name } = this.plugin.loaded.manifest;
					written += (await this.letters.writeLastWayInEnds(account, name)) ? 1 : 0;
				}
			}
		}
		return written;
	}

	/**
	 * Deletes the links at these brands. The add-on stays installed. It is switched off at these brands first, so that
	 * log-ins under way store no new links.
	 */
	async purge(brandIds: readonly string[]): Promise<void> {
		for (const brandId of brandIds) {
			await this.settings.enable(brandId, false);
			await this.plugin.purgeLinks(brandId);
			await this.outbox.forgetOf(this.plugin.loaded.manifest.id, brandId);
		}
	}

	private async impactsOf(
		actions: readonly ImpactAction[],
	): Promise<readonly BrandImpact[] | undefined> {
		const impacts: BrandImpact[] = [];
		for (const action of actions) {
			const impact = await this.plugin.impactOf(action);
			if (impact === undefined) {
				return undefined;
			}
			impacts.push(...impact.brands);
		}
		return impacts;
	}
}
