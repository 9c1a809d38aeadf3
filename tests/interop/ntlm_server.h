/* ntlm_server.h - the other side of NTLM, and of Negotiate that comes down to it: gss-ntlmssp's acceptor.
 *
 *      ntlm_prepare();                            on the test's thread, first; may skip the test
 *      ... in a connection's handler ...
 *      ntlm_session_begin(&session, &how);
 *      ntlm_session_hear(&session, "NTLM TlRM...", answer, sizeof(answer));
 *      if (session.known) ... the connection is session.user's ...
 *      ntlm_session_end(&session);
 */
#ifndef TEST_INTEROP_NTLM_SERVER_H
#define TEST_INTEROP_NTLM_SERVER_H

#include <gssapi/gssapi.h>

#include <stdbool.h>
#include <stddef.h>

/* One of the two users that the server knows; the other is DOM\dave, "secret". */
#define NTLM_USER     L"DOM\\carol"
#define NTLM_PASSWORD L"Pa$$w0rd"

struct ntlm_server {
    const char *scheme;  /* "NTLM", "Negotiate" */
    const char *binding; /* what the clients' must be; NULL: any */
    size_t binding_len;
};

/* Whom one connection belongs to. */
struct ntlm_session {
    const struct ntlm_server *server;
    gss_ctx_id_t context;
    gss_cred_id_t cred;
    bool known;
    char user[128]; /* once known */
};

/* In ntlm_users.c: set up the users, and no realm and no KDC, so that Kerberos gives up at once. Skips the test where
 * gss-ntlmssp is missing or the library was built without GSSAPI. */
void ntlm_prepare(void);

void ntlm_session_begin(struct ntlm_session *session, const struct ntlm_server *server);
void ntlm_session_end(struct ntlm_session *session);

/* Take the value of an Authorization field. `answer`: the next token in base64, which may be empty. A
 * token that is no good, or of another scheme, leaves nobody known. The thread of the connection. */
void ntlm_session_hear(struct ntlm_session *session, const char *field, char *answer, size_t room);

#endif
