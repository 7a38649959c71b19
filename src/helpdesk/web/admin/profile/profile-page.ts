import { html } from "hono/html";
import { csrfField, type Markup } from "../../layout.ts";
import { ADMIN_PATHS } from "../paths.ts";

export function profilePage(csrf: string, email: string, message: Markup): Markup {
	return html`<h1>Your profile</h1>${message}<div class="card"><p>You are logged in as <strong>${email}</strong>.</p><form method="post" action="${ADMIN_PATHS.profile}">${csrfField(csrf)}
<label for="current">Current password</label><input id="current" name="current" type="password" autocomplete="current-password" required>
<label for="new">New password</label><input id="new" name="new" type="password" autocomplete="new-password" minlength="12" maxlength="256" required>
<p class="help">At least 12 characters.</p><button type="submit">Change password</button></form></div>`;
}
