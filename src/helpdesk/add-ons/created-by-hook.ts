import { CallValue } from "../../routes/call-value.ts";

/** The users whom the hook that runs has made. A hook gets its host once, so that the host cannot tell requests apart. */
const createdByHook = new CallValue<Set<string>>();

/** Runs a hook. @param created receives the ids of the users whom it makes, or made in an earlier try. */
export function notingCreated<Result>(
	created: Set<string>,
	hook: () => Promise<Result>,
): Promise<Result> {
	return createdByHook.during(created, hook);
}

/** Says that the hook that runs has made a user. */
export function noteCreated(userId: string): void {
	createdByHook.current()?.add(userId);
}
