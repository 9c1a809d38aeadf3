/* auth_gss_none.c - a build without GSSAPI: no mechanism is there; see auth_gss.h. */
#include "core/http/auth_gss.h"

bool wh_gss_has(enum wh_gss_mech mech)
{
    (void)mech;
    return false;
}

enum wh_err wh_gss_new(struct wh_gss **out, enum wh_gss_mech mech, const struct wh_gss_peer *peer)
{
    (void)mech;
    (void)peer;
    *out = NULL;
    return WH_E_NOT_SUPPORTED;
}

void wh_gss_free(struct wh_gss **gss)
{
    *gss = NULL;
}

enum wh_err wh_gss_step(struct wh_gss *gss, struct wh_str token, struct wh_str binding,
                        struct wh_buf *out, bool *done)
{
    (void)binding;
    (void)gss;
    (void)token;
    (void)out;
    *done = false;
    return WH_E_NOT_SUPPORTED;
}

char *wh_gss_name(const struct wh_gss *gss)
{
    (void)gss;
    return NULL;
}

const char *wh_gss_why(void)
{
    return "built without GSSAPI";
}
