/* squid_ntlm.c - a helper for squid that knows the users of NTLM_USER_FILE, with gss-ntlmssp's acceptor.
 *
 * What it reads, a line each, and what it says: "YR" or "YR <token>" begins a conversation, "KK <token>"
 * goes on with it. "TT <token>": this is for the client; "AF <user>": this is who it is; "NA <why>": nobody.
 * squid gives each connection in a handshake a helper of its own. */
#include "ntlm_server.h"

#include <stdio.h>
#include <string.h>

enum { LINE_MAX_LEN = 16384 };

static void hear(struct ntlm_session *session, const char *token)
{
    static char field[LINE_MAX_LEN + 8], answer[LINE_MAX_LEN];

    snprintf(field, sizeof(field), "NTLM %s", token);
    ntlm_session_hear(session, field, answer, sizeof(answer));
    if (session->known)
        printf("AF %s\n", session->user);
    else if (*answer)
        printf("TT %s\n", answer);
    else
        printf("NA nobody\n");
}

int main(void)
{
    static const struct ntlm_server server = {.scheme = "NTLM"};
    static char line[LINE_MAX_LEN];
    struct ntlm_session session;

    setvbuf(stdout, NULL, _IOLBF, 0);
    ntlm_session_begin(&session, &server);
    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (strncmp(line, "YR", 2) == 0) {
            ntlm_session_end(&session);
            ntlm_session_begin(&session, &server);
        }
        if (strlen(line) < 4)
            printf("BH no token\n");
        else
            hear(&session, line + 3);
    }
    ntlm_session_end(&session);
    return 0;
}
