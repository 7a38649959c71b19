import type { Account } from "../people/stored-account.ts";

/** A subject with a number. User ids are UUIDs. */
const NUMBERED = /^([0-9a-f-]{36})-[1-9][0-9]{0,8}$/;

/**
 * What a user is called at connected helpdesks (`sub`, OpenID Connect Core, section 5.1): the user id, for ever, except that
 * an account which passes to the owner of its address gets a number behind it. Helpdesks keep what the person before has set
 * up there, and it must not become that of the owner.
 */
export function subjectOf({ id, claimCount }: Pick<Account, "id" | "claimCount">): string {
	return claimCount === 0 ? id : `${id}-${claimCount}`;
}

/** The user id in a subject. Its account may have another subject by now. */
export function userIdIn(subject: string): string {
	return NUMBERED.exec(subject)?.[1] ?? subject;
}
