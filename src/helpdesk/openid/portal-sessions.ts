/** A portal session: the user who is logged in in one browser. */
export interface PortalSession {
	/** See `Session.id`. */
	readonly id: string;
	readonly userId: string;
	/** When the user last proved who they are. Milliseconds since the epoch. */
	readonly provenAt: number;
	/** The session epoch of the user's account when the session began. Another epoch ends the session. */
	readonly epoch: number;
}

/** The portal sessions that a provider's own sessions live and die with. */
export interface PortalSessions {
	/** The portal session of the browser that asks; undefined when nobody is logged in there, or no browser asks. */
	current(): PortalSession | undefined;
	/** The user of a portal session; undefined when it has ended. */
	find(sessionId: string): Promise<Pick<PortalSession, "userId" | "epoch"> | undefined>;
}
