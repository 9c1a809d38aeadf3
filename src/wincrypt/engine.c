/* engine.c - chain engines: which roots count and where issuers are looked for. */
#include "wincrypt/chain.h"
#include "wincrypt/context.h"

#include "core/base/alloc.h"

#include <stddef.h>

struct engine {
    struct wh_living living; /* first: its address is the handle */
    struct wh_store *roots;  /* NULL: the system's */
    struct wh_store *others; /* NULL: none */
};

static void end_engine(struct wh_living *living)
{
    struct engine *engine = WH_LIST_ENTRY(living, struct engine, living);

    wh_store_unref(&engine->roots);
    wh_store_unref(&engine->others);
    wh_free(engine);
}

/* A member of the configuration, if the caller's structure reaches that far. */
static HCERTSTORE exclusive_root(const CERT_CHAIN_ENGINE_CONFIG *config)
{
    size_t end =
        offsetof(CERT_CHAIN_ENGINE_CONFIG, hExclusiveRoot) + sizeof(config->hExclusiveRoot);

    return config->cbSize >= end ? config->hExclusiveRoot : NULL;
}

BOOL WINAPI CertCreateCertificateChainEngine(PCERT_CHAIN_ENGINE_CONFIG config,
                                             HCERTCHAINENGINE *handle)
{
    struct engine *engine;
    HCERTSTORE roots;

    if (!config || !handle || config->cbSize < offsetof(CERT_CHAIN_ENGINE_CONFIG, hExclusiveRoot)) {
        SetLastError((DWORD)E_INVALIDARG);
        return FALSE;
    }
    engine = wh_calloc(1, sizeof(*engine));
    if (!engine) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    roots = exclusive_root(config) ? exclusive_root(config) : config->hRestrictedRoot;
    engine->roots = roots ? wh_store_of(roots) : NULL;
    if (config->cAdditionalStore > 0)
        engine->others = wh_store_of(config->rghAdditionalStore[0]);
    if ((roots && !engine->roots) || config->cAdditionalStore > 1) {
        end_engine(&engine->living);
        SetLastError((DWORD)E_INVALIDARG);
        return FALSE;
    }
    wh_living_add(&engine->living, WH_LIVING_ENGINE, end_engine);
    *handle = (HCERTCHAINENGINE)engine;
    return TRUE;
}

void WINAPI CertFreeCertificateChainEngine(HCERTCHAINENGINE handle)
{
    wh_living_drop(WH_LIVING_ENGINE, handle);
}

/* The engine behind a handle, with a reference: NULL, HCCE_CURRENT_USER and HCCE_LOCAL_MACHINE are the
 * system's. False: there is no such engine. */
static bool find_engine(HCERTCHAINENGINE handle, struct engine **engine)
{
    struct wh_living *living;

    *engine = NULL;
    if (handle == HCCE_CURRENT_USER || handle == HCCE_LOCAL_MACHINE)
        return true;
    living = wh_living_at(WH_LIVING_ENGINE, handle);
    *engine = living ? WH_LIST_ENTRY(living, struct engine, living) : NULL;
    return *engine != NULL;
}

BOOL WINAPI CertGetCertificateChain(HCERTCHAINENGINE handle, PCCERT_CONTEXT context,
                                    LPFILETIME time, HCERTSTORE additional,
                                    PCERT_CHAIN_PARA parameters, DWORD flags, LPVOID reserved,
                                    PCCERT_CHAIN_CONTEXT *chain)
{
    struct wh_chain_request request = {
        .leaf = wh_cert_of_context(context), .at = time, .usage = parameters, .flags = flags};
    struct engine *engine = NULL;
    DWORD error = (DWORD)E_INVALIDARG;

    if (request.leaf && chain && !reserved && find_engine(handle, &engine)) {
        request.roots = engine ? engine->roots : NULL;
        request.others[0] = additional ? wh_store_of(additional) : NULL;
        request.others[1] = engine && engine->others ? wh_store_ref(engine->others) : NULL;
        if (!request.others[1] && context->hCertStore)
            request.others[1] = wh_store_of(context->hCertStore);
        error = wh_chain_build(&request, chain);
    }
    wh_store_unref(&request.others[0]);
    wh_store_unref(&request.others[1]);
    if (engine)
        wh_living_drop(WH_LIVING_ENGINE, &engine->living);
    wh_cert_unref(&request.leaf);
    if (error)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}
