import { CallValue } from "./call-value.ts";

/** The users whom the hook that runs has confirmed. A hook gets its host once, so that the host cannot tell requests apart. */
const confirmedByHook = new CallValue<Set<string>>();

/** Runs a hook. @param confirmed receives the ids of the users whom it confirms. */
export function notingConfirmed<Result>(
	confirmed: Set<string>,
	hook: () => Promise<Result>,
): Promise<Result> {
	return confirmedByHook.during(confirmed, hook);
}

/**
 * Says that the hook that runs has confirmed a user. For `users.confirm` of a helpdesk with `isLinkGood`: the links that a
 * claim removes are not those that the hook has read.
 */
export function noteConfirmed(userId: string): void {
	confirmedByHook.current()?.add(userId);
}
