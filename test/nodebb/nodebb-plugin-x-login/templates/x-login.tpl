<style>
.login-button { display: inline-flex; align-items: center; gap: 0.5rem; }
.login-button-icon svg { width: 1em; height: 1em; }
</style>
<div class="x-login">
{{{ if html }}}
{{html}}
{{{ else }}}
<p>Your account is connected to X already, or this forum is not set up for X. Then log in another way.</p>
{{{ end }}}
</div>
