/** One of the helpdesk's public faces, each with an address of its own. */
export interface Brand {
	readonly id: string;
	readonly name: string;
	/** Origin of the portal, from configuration and never from request headers: `https://help.example.com`. */
	readonly baseUrl: string;
	/** Where X sends the visitor back to; the route ends in this plugin's `handleCallback`. */
	readonly callbackUrl: string;
	/** Path of the route that ends in this plugin's `startLogin`. */
	readonly startPath: string;
	/** Path of the route that ends in this plugin's `continueLogin`, by GET and POST. */
	readonly continuePath: string;
	/** Path of the brand's log-in page. */
	readonly loginPath: string;
	/** BCP 47; the language of a visitor about whom nothing is known. */
	readonly locale: string;
	/** Whether the helpdesk lets strangers make an account here. */
	readonly registrationOpen: boolean;
	readonly privacyPolicyUrl: string;
	readonly termsUrl: string;
}

export interface Brands {
	/** @returns undefined when there is no such brand. */
	find(brandId: string): Promise<Brand | undefined>;
	list(): Promise<readonly Brand[]>;
}
