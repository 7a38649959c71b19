import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { HostSetUp, OpenedHost } from "../../../src/testing/host-contract/host-under-test.ts";
import { brokenPromises, promisesByPart } from "../../kit/mutants/broken-promises.ts";
import { loadBroken } from "../../kit/mutants/load-broken.ts";
import { APPROVAL_MUTANTS } from "./approval-mutants.ts";
import { CAPABILITY_MUTANTS } from "./capability-mutants.ts";
import { COMMIT_MUTANTS } from "./commit-mutants.ts";
import { HTTP_MUTANTS } from "./http-mutants.ts";
import { openMockHost } from "./open-mock-host.ts";
import {
	BRAND_MUTANTS,
	CLOCK_AND_RANDOM_MUTANTS,
	EVENT_MUTANTS,
	MAIL_MUTANTS,
} from "./other-port-mutants.ts";
import type { PortMutants } from "./port-mutant.ts";
import { SECRET_MUTANTS, SETTINGS_MUTANTS } from "./settings-mutants.ts";
import { ENTRY_MUTANTS, LIST_MUTANTS } from "./storage-mutants.ts";
import { USER_MUTANTS } from "./user-mutants.ts";

const MUTANTS: PortMutants = {
	...ENTRY_MUTANTS,
	...LIST_MUTANTS,
	...COMMIT_MUTANTS,
	...SETTINGS_MUTANTS,
	...SECRET_MUTANTS,
	...BRAND_MUTANTS,
	...USER_MUTANTS,
	...APPROVAL_MUTANTS,
	...MAIL_MUTANTS,
	...HTTP_MUTANTS,
	...EVENT_MUTANTS,
	...CLOCK_AND_RANDOM_MUTANTS,
	...CAPABILITY_MUTANTS,
};

test.each(Object.entries(MUTANTS))("the suite finds a helpdesk that %s", async (_, mutant) => {
	const { breaks, ports, handling, ...breakage } = mutant;

	const open = async (setUp: HostSetUp): Promise<OpenedHost> => {
		const opened = await openMockHost(setUp, (zip, storage) =>
			loadBroken(zip, {
				...breakage,
				...(ports && { ports: (host) => ports(host, storage) }),
			}),
		);
		return { ...opened, ...handling?.(opened) };
	};

	const broken = await brokenPromises({ open }, breaks);

	expect([...broken.keys()].sort(), inspect(broken)).toEqual([...breaks].sort());
});

test("each promise about ports has a mutant that breaks it", () => {
	const broken = new Set(Object.values(MUTANTS).flatMap(({ breaks }) => breaks));

	expect([...broken].sort()).toEqual([...promisesByPart().values()].flat().sort());
});
