# SPDX-License-Identifier: MIT
# Lies in /etc/request-tracker5/RT_SiteConfig.d/90-x-login.pm.

# The address that customers and agents see. Apache answers it, not the server behind it.
Set( $WebDomain,                'rt.example.com' );
Set( $WebPort,                  443 );
Set( $WebBaseURL,               'https://rt.example.com' );
Set( $WebPath,                  '' );
Set( $CanonicalizeRedirectURLs, 1 );
Set( $WebSecureCookies,         1 );

Plugin('RT::Extension::XLogin');
Set( $XLoginButton, 'Log in with X' );

# RT believes Apache about who the visitor is, and asks at every request. So a log-out in the helpdesk ends RT's session.
Set( $WebRemoteUserAuth,       1 );
Set( $WebRemoteUserContinuous, 1 );
# Agents, and everybody else who has a password in RT, log in as before.
Set( $WebFallbackToRTLogin, 1 );
# A customer who is new to RT gets an RT user without rights, who sees the self-service.
Set( $WebRemoteUserAutocreate, 1 );
Set( $UserAutocreateDefaultsOnLogin, { Privileged => 0 } );
