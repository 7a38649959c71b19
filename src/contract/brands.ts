/** One of the public faces of the helpdesk. Each has its own address. */
export interface Brand {
	readonly id: string;
	readonly name: string;
	/** Origin of the portal, such as `https://help.example.com`. From configuration, never from request headers. */
	readonly baseUrl: string;
	/** The address that the provider sends visitors back to. Requests to it reach this plugin's `handleCallback`. */
	readonly callbackUrl: string;
	/** Path of the route that calls this plugin's `startLogin`. */
	readonly startPath: string;
	/** Path of the route that calls this plugin's `continueLogin`, for GET and POST. */
	readonly continuePath: string;
	/** Path of the brand's log-in page. */
	readonly loginPath: string;
	/** BCP 47. The language of a visitor whose language is not known. */
	readonly locale: string;
	/** IANA, such as `Europe/Berlin`: the helpdesk shows the brand's times in it. Left out: UTC. */
	readonly timeZone?: string;
	/** Whether anybody may sign up here. */
	readonly registrationOpen: boolean;
	readonly privacyPolicyUrl: string;
	readonly termsUrl: string;
}

export interface Brands {
	/** @returns undefined when there is no such brand. */
	find(brandId: string): Promise<Brand | undefined>;
	list(): Promise<readonly Brand[]>;
}
