# SPDX-License-Identifier: MIT
package RT::Extension::XLogin;

use strict;
use warnings;

use Encode       ();
use MIME::Base64 ();
use RT::Interface::Web;
use RT::REST2::Middleware::Auth;
use RT::Ticket;

our $VERSION = '1.0';

# The names that the helpdesk gives: "x-", a user id, and a number where the owner of an address has taken over the user's
# account. RT's own users have no such name.
our $NAME = qr/\A x- [0-9a-f]{8} (?: - [0-9a-f]{4} ){3} - [0-9a-f]{12} (?: - [1-9][0-9]{0,8} )? \z/x;

# A header that Apache sets for a visitor who is logged in at the helpdesk: XLoginName, XLoginRealName, XLoginEmail.
sub Claim {
    my ( $env, $header ) = @_;
    my $value = $env->{"HTTP_\U$header"};
    return undef unless defined $value and length $value;
    return Encode::decode( 'UTF-8', MIME::Base64::decode_base64url($value) );
}

# The name of the RT user whom the visitor is, or undef.
sub Name {
    my $env  = shift;
    my $name = Claim( $env, 'XLoginName' );
    return undef unless defined $name and $name =~ $NAME;

    # An agent logs in with a password, even one who was a customer before.
    my $user = RT::User->new( RT->SystemUser );
    $user->Load($name);
    return undef if $user->id and ( $user->Privileged or $user->Disabled );

    # At earlier log-ins the address was not proven yet, or another RT user had it. RT itself refuses one that is taken.
    my $email = Claim( $env, 'XLoginEmail' );
    $user->SetEmailAddress($email) if $user->id and defined $email and not $user->EmailAddress;
    return $name;
}

{
    no warnings 'redefine';

    # RT asks at every request for a page.
    *RT::Interface::Web::WebCanonicalizeInfo = sub { Name( RT::Interface::Web::RequestENV() ) };

    # What RT writes down about a new user. RT itself refuses an address that another RT user has.
    *RT::Interface::Web::WebRemoteUserAutocreateInfo = sub {
        my $env = RT::Interface::Web::RequestENV();
        return {
            Privileged   => 0,
            RealName     => Claim( $env, 'XLoginRealName' ),
            EmailAddress => Claim( $env, 'XLoginEmail' ),
        };
    };

    # RT's REST 2.0 takes the cookie of RT's pages, and does not ask whether the log-in at the helpdesk has ended.
    my $login_from_cookie = \&RT::REST2::Middleware::Auth::login_from_cookie;
    *RT::REST2::Middleware::Auth::login_from_cookie = sub {
        my ( $self, $env ) = @_;
        my $user = $self->$login_from_cookie($env);
        return $user unless $user and $user->Name =~ $NAME;
        my $name = Name($env);
        return defined $name && $name eq $user->Name ? $user : undef;
    };

    # Customers see the tickets whose requestors they are. RT's form names requestors by address, and some have none.
    my $create = \&RT::Ticket::Create;
    *RT::Ticket::Create = sub {
        my ( $self, %args ) = @_;
        my $author = $self->CurrentUser;
        my @given  = ref $args{Requestor} eq 'ARRAY' ? @{ $args{Requestor} } : $args{Requestor};
        $args{Requestor} = $author->PrincipalId
            if $author->Name =~ $NAME and not grep { defined and /\S/ } @given;
        return $self->$create(%args);
    };
}

1;
