import { isNumber, isRecord, isText, orNull } from "../stored-value.ts";

/** Under the key of an identity. */
export type StoredLink = {
	/** Null while the user is still being made. */
	readonly userId: string | null;
	/** Without `@`. */
	readonly handle: string;
	/** Milliseconds since the epoch. */
	readonly linkedAt: number;
	/** Of the user while they are being made; another one for each sign-up. */
	readonly creationKey: string | null;
};

export const isStoredLink = isRecord<StoredLink>({
	userId: orNull(isText),
	handle: isText,
	linkedAt: isNumber,
	creationKey: orNull(isText),
});

/** Under the key of a user. */
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
