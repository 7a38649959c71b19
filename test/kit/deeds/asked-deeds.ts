import { ADD_ON_DEEDS } from "./add-on-deeds.ts";
import { BRAND_DEEDS } from "./brand-deeds.ts";
import { OPERATORS_DEEDS } from "./operators-deeds.ts";
import { USERS_DEEDS } from "./users-deeds.ts";
import type { Deed, World } from "./world.ts";

/** What a form answers a question with. */
export const ANSWERS: readonly string[] = ["confirmed", "sure"];

/** What cannot be undone, or puts people out, and is asked first. */
export const ASKED_DEEDS: Readonly<Record<string, Deed>> = {
	"operator.end-sessions": OPERATORS_DEEDS["operator.end-sessions"],
	"operator.put-out": OPERATORS_DEEDS["operator.put-out"],
	"operator.remove": OPERATORS_DEEDS["operator.remove"],
	"operator.turn-off-second-factor": OPERATORS_DEEDS["operator.turn-off-second-factor"],
	"operator.remove-passkey": OPERATORS_DEEDS["operator.remove-passkey"],
	"operator.renew-recovery-codes": OPERATORS_DEEDS["operator.renew-recovery-codes"],
	"alerts.remove-webhook": OPERATORS_DEEDS["alerts.remove-webhook"],
	"brand.change-address": BRAND_DEEDS["brand.change-address"],
	"audit.change": OPERATORS_DEEDS["audit.change"],
	"user.put-out": USERS_DEEDS["user.put-out"],
	"user.delete": USERS_DEEDS["user.delete"],
	"user.unlink": USERS_DEEDS["user.unlink"],
	"links.delete-list": ADD_ON_DEEDS["links.delete-list"],
	"add-on.uninstall": ADD_ON_DEEDS["add-on.uninstall"],
	"add-on.delete-data": ADD_ON_DEEDS["add-on.delete-data"],
	"add-on.discard": ADD_ON_DEEDS["add-on.discard"],
	"add-on.remove": ADD_ON_DEEDS["add-on.remove"],
	"connected-helpdesk.renew-secret": ADD_ON_DEEDS["connected-helpdesk.renew-secret"],
};

/** Sends what a deed sends, without the answer to its question, so that the question is what is seen. */
export async function ask(world: World, deed: Deed, before: unknown): Promise<void> {
	const post: World["post"] = (path, fields = {}) =>
		world.post(
			path,
			Object.fromEntries(Object.entries(fields).filter(([name]) => !ANSWERS.includes(name))),
		);
	await deed.act({ ...world, post }, before);
}
