/** Where the helpdesks that take a signed token send their visitors. */
export const HAND_OFF_PATH = "/hand-off";

/** The pages of the portal about one helpdesk. Administrators paste their addresses there, so that a path never changes. */
export function handOffPaths<Id extends string>(helpdeskId: Id) {
	const handOff = `${HAND_OFF_PATH}/${helpdeskId}` as const;
	return { handOff, logOut: `${handOff}/log-out`, test: `${handOff}/test` } as const;
}
