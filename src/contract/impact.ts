/** What an administrator is about to do to the people who log in by a plugin. */
export type ImpactAction =
	| { readonly kind: "deactivate" | "uninstall" }
	| { readonly kind: "switch-off"; readonly brandId: string };

/** Whom an action concerns, by brand; brands where it concerns nobody are left out. */
export interface Impact {
	readonly brands: readonly BrandImpact[];
}

export interface BrandImpact {
	readonly brandId: string;
	/** How many users of the brand have an account linked, each counted once. Users who are gone do not count. */
	readonly people: number;
	/** Those of them who can sign in no other way. */
	readonly strandedUserIds: readonly string[];
}

/** What becomes of the data of a plugin that is uninstalled: nothing, or it is deleted for good. */
export type UninstallData = "keep" | "purge";
