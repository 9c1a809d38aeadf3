/* auth_gss.c - GSSAPI as MIT krb5 has it; see auth_gss.h.
 *
 * RFC 2743, RFC 2744 (the calls), RFC 4178 (SPNEGO), RFC 4559 (its tokens in HTTP).
 */
#include "core/http/auth_gss.h"

#include "core/base/alloc.h"

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include <stdio.h>
#include <string.h>

struct wh_gss {
    gss_OID mech;
    gss_name_t server;
    gss_cred_id_t cred; /* GSS_C_NO_CREDENTIAL never: our own are acquired, too */
    gss_ctx_id_t context;
};

static gss_OID_desc spnego = {6, "\x2b\x06\x01\x05\x05\x02"};
static gss_OID_desc ntlmssp = {10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"};

static _Thread_local char why[160];

static gss_OID oid_of(enum wh_gss_mech mech)
{
    return mech == WH_GSS_NTLM ? &ntlmssp : &spnego;
}

static void note_status(OM_uint32 code, int type, gss_OID mech, size_t at)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor, more = 0;

    if (at < sizeof(why) &&
        gss_display_status(&minor, code, type, mech, &more, &text) == GSS_S_COMPLETE)
        snprintf(why + at, sizeof(why) - at, "%s%.*s", at ? "; " : "", (int)text.length,
                 (const char *)text.value);
    gss_release_buffer(&minor, &text);
}

/* Keep the reason and say what it comes to. */
static enum wh_err failed(OM_uint32 major, OM_uint32 minor, gss_OID mech)
{
    why[0] = '\0';
    note_status(major, GSS_C_GSS_CODE, GSS_C_NO_OID, 0);
    if (minor)
        note_status(minor, GSS_C_MECH_CODE, mech, strlen(why));
    return GSS_ROUTINE_ERROR(major) == GSS_S_BAD_MECH ? WH_E_NOT_SUPPORTED : WH_E_LOGIN;
}

const char *wh_gss_why(void)
{
    return why;
}

bool wh_gss_has(enum wh_gss_mech mech)
{
    gss_OID_set all = GSS_C_NO_OID_SET;
    OM_uint32 minor;
    int present = 0;

    if (gss_indicate_mechs(&minor, &all) != GSS_S_COMPLETE)
        return false;
    gss_test_oid_set_member(&minor, oid_of(mech), all, &present);
    gss_release_oid_set(&minor, &all);
    return present != 0;
}

/* ---- names and credentials ------------------------------------------------------------------- */

static enum wh_err import(gss_name_t *name, const char *text, gss_OID type, gss_OID mech)
{
    gss_buffer_desc buffer = {strlen(text), (void *)text};
    OM_uint32 minor, major = gss_import_name(&minor, &buffer, type, name);

    return GSS_ERROR(major) ? failed(major, minor, mech) : WH_OK;
}

/* Kerberos writes DOMAIN\user the other way round, and NTLM understands that as well. */
static char *user_name(enum wh_gss_mech mech, const char *user)
{
    const char *slash = strchr(user, '\\');
    size_t room = strlen(user) + 2;
    char *text;

    if (mech == WH_GSS_NTLM || !slash)
        return wh_strdup(user);
    text = wh_alloc(room);
    if (text)
        snprintf(text, room, "%s@%.*s", slash + 1, (int)(slash - user), user);
    return text;
}

static enum wh_err acquire_own(struct wh_gss *gss)
{
    gss_OID_set_desc mechs = {1, gss->mech};
    OM_uint32 minor, major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs,
                                              GSS_C_INITIATE, &gss->cred, NULL, NULL);

    return GSS_ERROR(major) ? failed(major, minor, gss->mech) : WH_OK;
}

static enum wh_err acquire_given(struct wh_gss *gss, enum wh_gss_mech mech, const char *user,
                                 const char *password)
{
    gss_OID_set_desc mechs = {1, gss->mech};
    gss_buffer_desc secret = {strlen(password), (void *)password};
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 minor, major;
    char *text = user_name(mech, user);
    enum wh_err err = text ? import(&name, text, GSS_C_NT_USER_NAME, gss->mech) : WH_E_NO_MEMORY;

    if (!err) {
        major = gss_acquire_cred_with_password(&minor, name, &secret, GSS_C_INDEFINITE, &mechs,
                                               GSS_C_INITIATE, &gss->cred, NULL, NULL);
        err = GSS_ERROR(major) ? failed(major, minor, gss->mech) : WH_OK;
    }
    gss_release_name(&minor, &name);
    wh_free(text);
    return err;
}

enum wh_err wh_gss_new(struct wh_gss **out, enum wh_gss_mech mech, const struct wh_gss_peer *peer)
{
    struct wh_gss *gss = wh_calloc(1, sizeof(*gss));
    enum wh_err err;

    *out = NULL;
    if (!gss)
        return WH_E_NO_MEMORY;
    gss->mech = oid_of(mech);
    err = import(&gss->server, peer->service, GSS_C_NT_HOSTBASED_SERVICE, gss->mech);
    if (!err)
        err = peer->user ? acquire_given(gss, mech, peer->user, peer->password) : acquire_own(gss);
    if (err)
        wh_gss_free(&gss);
    *out = gss;
    return err;
}

void wh_gss_free(struct wh_gss **slot)
{
    struct wh_gss *gss = *slot;
    OM_uint32 minor;

    *slot = NULL;
    if (!gss)
        return;
    gss_delete_sec_context(&minor, &gss->context, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &gss->cred);
    gss_release_name(&minor, &gss->server);
    wh_free(gss);
}

/* ---- tokens ---------------------------------------------------------------------------------- */

enum wh_err wh_gss_step(struct wh_gss *gss, struct wh_str token, struct wh_str binding,
                        struct wh_buf *out, bool *done)
{
    struct gss_channel_bindings_struct channel = {
        .initiator_addrtype = GSS_C_AF_UNSPEC,
        .acceptor_addrtype = GSS_C_AF_UNSPEC,
        .application_data = {binding.len, (void *)binding.data},
    };
    gss_buffer_desc in = {token.len, (void *)token.data}, answer = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor, ignored;
    OM_uint32 major = gss_init_sec_context(
        &minor, gss->cred, &gss->context, gss->server, gss->mech, GSS_C_MUTUAL_FLAG,
        GSS_C_INDEFINITE, binding.len ? &channel : GSS_C_NO_CHANNEL_BINDINGS,
        token.len ? &in : GSS_C_NO_BUFFER, NULL, &answer, NULL, NULL);
    enum wh_err err = GSS_ERROR(major) ? failed(major, minor, gss->mech) : WH_OK;

    if (!err && answer.length > 0)
        err = wh_buf_put(out, answer.value, answer.length);
    *done = !err && major == GSS_S_COMPLETE;
    gss_release_buffer(&ignored, &answer);
    return err;
}

char *wh_gss_name(const struct wh_gss *gss)
{
    gss_name_t name = GSS_C_NO_NAME;
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;
    char *copy = NULL;

    if (gss_inquire_cred(&minor, gss->cred, &name, NULL, NULL, NULL) == GSS_S_COMPLETE &&
        gss_display_name(&minor, name, &text, NULL) == GSS_S_COMPLETE)
        copy = wh_strndup(text.value, text.length);
    gss_release_buffer(&minor, &text);
    gss_release_name(&minor, &name);
    return copy;
}
