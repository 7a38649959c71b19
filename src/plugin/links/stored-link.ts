import { isNumber, isRecord, isText, orNull } from "../stored-value.ts";

/** The value under the key of an identity. */
export type StoredLink = {
	/** Null while the user is being created. */
	readonly userId: string | null;
	/** The handle, without `@`. */
	readonly handle: string;
	/** Milliseconds since the epoch. */
	readonly linkedAt: number;
	/** The key that creates the user, different for each sign-up. Null once the user exists. */
	readonly creationKey: string | null;
};

export const isStoredLink = isRecord<StoredLink>({
	userId: orNull(isText),
	handle: isText,
	linkedAt: isNumber,
	creationKey: orNull(isText),
});

/** The value under the key of a user. */
export type StoredLinkOfUser = {
	readonly brandId: string;
	readonly handle: string;
	readonly linkedAt: number;
};

export const isStoredLinkOfUser = isRecord<StoredLinkOfUser>({
	brandId: isText,
	handle: isText,
	linkedAt: isNumber,
});
