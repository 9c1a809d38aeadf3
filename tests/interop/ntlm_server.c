/* ntlm_server.c - see ntlm_server.h. */
#include "ntlm_server.h"

#include <openssl/evp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gss_OID_desc spnego = {6, "\x2b\x06\x01\x05\x05\x02"};
static gss_OID_desc ntlmssp = {10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"};

void ntlm_session_begin(struct ntlm_session *session, const struct ntlm_server *server)
{
    bool negotiates = strcmp(server->scheme, "Negotiate") == 0;
    gss_OID_set_desc mechs = {1, negotiates ? &spnego : &ntlmssp};
    OM_uint32 minor;

    *session = (struct ntlm_session){.server = server, .context = GSS_C_NO_CONTEXT};
    gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs, GSS_C_ACCEPT, &session->cred,
                     NULL, NULL);
}

void ntlm_session_end(struct ntlm_session *session)
{
    OM_uint32 minor;

    gss_delete_sec_context(&minor, &session->context, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &session->cred);
}

static void note_user(struct ntlm_session *session, gss_name_t name)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;

    if (gss_display_name(&minor, name, &text, NULL) == GSS_S_COMPLETE)
        snprintf(session->user, sizeof(session->user), "%.*s", (int)text.length,
                 (const char *)text.value);
    gss_release_buffer(&minor, &text);
    session->known = true;
}

/* The bytes of a token, at most `room` of them; 0: it is no base64. */
static size_t decode(const char *coded, unsigned char *bytes, size_t room)
{
    size_t len = strlen(coded), padding = 0;

    while (padding < len && coded[len - 1 - padding] == '=')
        padding++;
    if (len >= room || EVP_DecodeBlock(bytes, (const unsigned char *)coded, (int)len) <= 0)
        return 0;
    return len / 4 * 3 - padding;
}

static void take_token(struct ntlm_session *session, gss_buffer_t in, char *answer, size_t room)
{
    const struct ntlm_server *server = session->server;
    struct gss_channel_bindings_struct binding = {
        .initiator_addrtype = GSS_C_AF_UNSPEC,
        .acceptor_addrtype = GSS_C_AF_UNSPEC,
        .application_data = {server->binding_len, (void *)server->binding}};
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 minor,
        major = gss_accept_sec_context(&minor, &session->context, session->cred, in,
                                       server->binding ? &binding : GSS_C_NO_CHANNEL_BINDINGS,
                                       &name, NULL, &out, NULL, NULL, NULL);

    if (out.length > 0 && out.length * 2 < room)
        EVP_EncodeBlock((unsigned char *)answer, out.value, (int)out.length);
    if (major == GSS_S_COMPLETE)
        note_user(session, name);
    else if (GSS_ERROR(major))
        gss_delete_sec_context(&minor, &session->context, GSS_C_NO_BUFFER);
    gss_release_buffer(&minor, &out);
    gss_release_name(&minor, &name);
}

void ntlm_session_hear(struct ntlm_session *session, const char *field, char *answer, size_t room)
{
    static const size_t most = 8192;
    size_t scheme_len = strlen(session->server->scheme);
    unsigned char *bytes = malloc(most);
    gss_buffer_desc in = {0, bytes};
    OM_uint32 minor;

    answer[0] = '\0';
    if (session->known) /* a new conversation on the same connection */
        gss_delete_sec_context(&minor, &session->context, GSS_C_NO_BUFFER);
    session->known = false;
    if (strncmp(field, session->server->scheme, scheme_len) == 0 && field[scheme_len] == ' ') {
        in.length = decode(field + scheme_len + 1, bytes, most);
        take_token(session, &in, answer, room);
    }
    free(bytes);
}
