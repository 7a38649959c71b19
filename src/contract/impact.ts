/** What an administrator is about to do to the people who log in with a plugin. */
export type ImpactAction =
	| { readonly kind: "deactivate" | "uninstall" }
	| { readonly kind: "switch-off"; readonly brandId: string };

/** The people whom an action affects, by brand. Leaves out brands where it affects nobody. */
export interface Impact {
	readonly brands: readonly BrandImpact[];
}

export interface BrandImpact {
	readonly brandId: string;
	/** The number of users of the brand who have linked an account. Each counts once; deleted users do not count. */
	readonly people: number;
	/** The users among them who cannot log in another way. */
	readonly strandedUserIds: readonly string[];
}

/** Whether the data of an uninstalled plugin stays, or is deleted for good. */
export type UninstallData = "keep" | "purge";
