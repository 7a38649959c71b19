/** What starts jobs besides operators, as it is stored with them. So it never changes: pages say it in the reader's language. */
export const STARTERS = {
	helpdesk: "the helpdesk",
	registration: "The settings of registration",
	start: "the start of the helpdesk",
} as const;
