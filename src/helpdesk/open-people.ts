import type { Clock } from "../contract/clock.ts";
import type { Random } from "../contract/random.ts";
import type { HostStorage } from "../contract/storage.ts";
import { namespaced } from "../storage/namespaced-storage.ts";
import type { HelpdeskBrands } from "./brands/helpdesk-brands.ts";
import { derivedKeys } from "./derived-keys.ts";
import type { HelpdeskCore, HelpdeskOptions } from "./helpdesk.ts";
import { LetterLimits } from "./mail/letter-limits.ts";
import { MailServers } from "./mail/mail-servers.ts";
import { Outbox } from "./mail/outbox.ts";
import { NAMESPACES, sessionsOf } from "./namespaces.ts";
import { Accounts } from "./people/accounts.ts";
import { AddressCodes } from "./people/address-codes.ts";
import { AddressProofLetters } from "./people/address-proof-letters.ts";
import { AddressProofLimits } from "./people/address-proof-limits.ts";
import { AddressProofs } from "./people/address-proofs.ts";
import { OperatorAddresses } from "./people/operator-addresses.ts";
import { OperatorInvitations } from "./people/operator-invitations.ts";
import { Operators } from "./people/operators.ts";
import { PasskeyCeremonies } from "./people/passkeys/passkey-ceremonies.ts";
import { PasskeyChallenges } from "./people/passkeys/passkey-challenges.ts";
import { PasskeyLetters } from "./people/passkeys/passkey-letters.ts";
import { UserPasskeys } from "./people/passkeys/user-passkeys.ts";
import { PasswordGuesses } from "./people/password-guesses.ts";
import type { PasswordHasher } from "./people/password-hash.ts";
import { PasswordLetters } from "./people/password-letters.ts";
import { PasswordRegistrations } from "./people/password-registrations.ts";
import { PasswordResets } from "./people/password-resets.ts";
import { PendingProofs } from "./people/pending-proofs.ts";
import { PendingRegistrations } from "./people/pending-registrations.ts";
import { PeopleCounts } from "./people/people-counts.ts";
import { PeopleSearch } from "./people/people-search.ts";
import { Registration } from "./people/registration.ts";
import { RegistrationLetters } from "./people/registration-letters.ts";
import { RemovalHolds } from "./people/removal-holds.ts";
import { RequestLimits } from "./people/request-limits.ts";
import { OperatorPasskeys } from "./people/second-factor/operator-passkeys.ts";
import { PendingLogIns } from "./people/second-factor/pending-log-ins.ts";
import { SecondFactorRule } from "./people/second-factor/second-factor-rule.ts";
import { SecondFactors } from "./people/second-factor/second-factors.ts";
import { PORTAL_LIFETIMES, Sessions } from "./people/sessions.ts";
import { UserSessions } from "./people/user-sessions.ts";
import { Vault } from "./settings/vault.ts";

/** How operators prove a log-in besides the password. */
interface LogInProofs {
	readonly secondFactors: SecondFactors;
	readonly operatorPasskeys: OperatorPasskeys;
	readonly secondFactorRule: SecondFactorRule;
	readonly pendingLogIns: PendingLogIns;
}

/** The people of a helpdesk and the letters to them. */
export interface People extends LogInProofs {
	readonly operators: Operators;
	readonly invitations: OperatorInvitations;
	readonly operatorAddresses: OperatorAddresses;
	readonly registration: Registration;
	readonly accounts: Accounts;
	readonly search: PeopleSearch;
	readonly counts: PeopleCounts;
	readonly guesses: PasswordGuesses;
	readonly outbox: Outbox;
	readonly mailServers: MailServers;
	readonly letterLimits: LetterLimits;
	readonly resets: PasswordResets;
	readonly letters: PasswordLetters;
	readonly requestLimits: RequestLimits;
	readonly registrations: PasswordRegistrations;
	readonly addressProofs: AddressProofs;
	readonly removals: RemovalHolds;
	readonly userSessions: UserSessions;
	readonly userPasskeys: UserPasskeys;
	readonly passkeyLetters: PasskeyLetters;
}

/** @param onEnd called when all sessions of a user have ended, see `AccountRecords`. */
export function openPeople(
	options: HelpdeskOptions & { readonly hasher: PasswordHasher },
	brands: HelpdeskBrands,
	logError: HelpdeskCore["logError"],
	onEnd: () => void,
): People {
	const { storage, clock, random, startLimit, hasher } = options;
	const operators = new Operators(namespaced(storage, NAMESPACES.operators), random, hasher);
	const registration = new Registration(namespaced(storage, NAMESPACES.registration));
	const accounts = new Accounts(
		namespaced(storage, NAMESPACES.accounts),
		registration,
		(email) => operators.has(email),
		logError,
		hasher,
		clock,
		onEnd,
	);
	const place = namespaced(storage, NAMESPACES.accounts);
	const search = new PeopleSearch(place, accounts.records, logError);
	const counts = new PeopleCounts(place, logError);
	const guesses = new PasswordGuesses(
		startLimit,
		namespaced(storage, NAMESPACES.passwordGuesses),
		clock,
		accounts,
		operators,
	);
	const invitations = new OperatorInvitations(
		namespaced(storage, NAMESPACES.operatorInvitations),
		clock,
		random,
		operators,
	);
	const mailServers = mailServersOf(options);
	const { route } = mailServers;
	const letterVault = new Vault(derivedKeys(options.keys, "ended letters"));
	const outbox = new Outbox({ storage, clock, route, vault: letterVault, report: logError });
	const resets = new PasswordResets(namespaced(storage, NAMESPACES.passwordResets), clock, random);
	const letters = new PasswordLetters(brands, resets, outbox);
	const requestLimits = new RequestLimits(
		namespaced(storage, NAMESPACES.requestCounts),
		clock,
		startLimit > 0,
	);
	const registrations = new PasswordRegistrations({
		...{ accounts, hasher, limits: requestLimits },
		pending: new PendingRegistrations(
			namespaced(storage, NAMESPACES.pendingRegistrations),
			clock,
			random,
		),
		letters: new RegistrationLetters(brands, outbox),
	});
	const ceremonies = ceremoniesOf(options);
	return {
		...{ operators, invitations, registration, accounts, guesses, outbox, resets, letters },
		...{ requestLimits, registrations, search, counts, mailServers },
		letterLimits: new LetterLimits(namespaced(storage, NAMESPACES.requestCounts), clock),
		...logInProofsOf(options, operators, ceremonies),
		addressProofs: addressProofsOf(options, accounts, new AddressProofLetters(brands, outbox)),
		userSessions: new UserSessions((brandId) => portalSessionsOf(options, brandId)),
		operatorAddresses: operatorAddressesOf(options, operators, outbox),
		removals: new RemovalHolds(place, clock),
		userPasskeys: new UserPasskeys(accounts.records, ceremonies, clock),
		passkeyLetters: new PasskeyLetters(brands, outbox),
	};
}

function mailServersOf(options: HelpdeskOptions): MailServers {
	const { storage, keys, deliver, mailServer, allowPrivate = [] } = options;
	return new MailServers({
		storage: namespaced(storage, NAMESPACES.mailServer),
		vault: new Vault(derivedKeys(keys, "mail server")),
		...{ deliver, given: mailServer, reach: { allowPrivate } },
	});
}

function logInProofsOf(
	{ storage, clock, random, keys }: HelpdeskOptions,
	operators: Operators,
	ceremonies: PasskeyCeremonies,
): LogInProofs {
	const place = namespaced(storage, NAMESPACES.operators);
	const codes = namespaced(storage, NAMESPACES.operatorCodes);
	return {
		secondFactors: new SecondFactors({
			...{ operators: place, codes, clock, random },
			vault: new Vault(derivedKeys(keys, "second factor")),
		}),
		operatorPasskeys: new OperatorPasskeys({
			...{ operators: place, codes, clock, random, ceremonies },
			handleKeys: derivedKeys(keys, "operator passkey handle"),
		}),
		secondFactorRule: new SecondFactorRule(place, operators),
		pendingLogIns: new PendingLogIns(clock, derivedKeys(keys, "pending log-in")),
	};
}

function addressProofsOf(
	{ storage, clock, random }: HelpdeskOptions,
	accounts: Accounts,
	letters: AddressProofLetters,
): AddressProofs {
	const place = namespaced(storage, NAMESPACES.addressProofs);
	return new AddressProofs({
		...{ accounts, letters },
		codes: addressCodesIn(place, clock, random),
	});
}

function ceremoniesOf({ storage, clock, random, keys }: HelpdeskOptions): PasskeyCeremonies {
	const place = namespaced(storage, NAMESPACES.passkeyChallenges);
	const challengeKeys = derivedKeys(keys, "passkey challenge");
	return new PasskeyCeremonies(new PasskeyChallenges(place, clock, random, challengeKeys), clock);
}

function operatorAddressesOf(
	{ storage, clock, random }: HelpdeskOptions,
	operators: Operators,
	outbox: Outbox,
): OperatorAddresses {
	const place = namespaced(storage, NAMESPACES.operatorAddressCodes);
	const codes = addressCodesIn(place, clock, random);
	return new OperatorAddresses({ storage, random, operators, outbox, codes });
}

function addressCodesIn(place: HostStorage, clock: Clock, random: Random): AddressCodes {
	return new AddressCodes(
		new PendingProofs(place, clock, random),
		new AddressProofLimits(place, clock),
	);
}

/** The sessions of a brand's portal. */
export function portalSessionsOf(
	{ storage, clock, random, keys }: Pick<HelpdeskOptions, "storage" | "clock" | "random" | "keys">,
	brandId: string,
): Sessions {
	const place = namespaced(storage, sessionsOf("portal", brandId));
	const csrfKeys = derivedKeys(keys, `csrf portal ${brandId}`);
	return new Sessions(place, clock, random, csrfKeys, PORTAL_LIFETIMES);
}
