/* engine.c - chain engines: which roots count and where issuers are looked for. */
#include "wincrypt/chain.h"
#include "wincrypt/context.h"

#include "core/base/alloc.h"

#include <stddef.h>

struct engine {
    struct wh_living living; /* first: its address is the handle */
    struct wh_store *roots;  /* NULL: the system's */
    bool any_root;           /* CERT_CHAIN_EXCLUSIVE_ENABLE_CA_FLAG */
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

static bool reaches(const CERT_CHAIN_ENGINE_CONFIG *config, size_t end)
{
    return config->cbSize >= end;
}

static bool exclusive_ca(const CERT_CHAIN_ENGINE_CONFIG *config)
{
    return reaches(config, sizeof(*config)) &&
           config->dwExclusiveFlags & CERT_CHAIN_EXCLUSIVE_ENABLE_CA_FLAG;
}

/* What would narrow trust in a way that is not ours must not be passed over. */
static bool asks_too_much(const CERT_CHAIN_ENGINE_CONFIG *config)
{
    return config->hRestrictedTrust || config->hRestrictedOther ||
           (reaches(config, offsetof(CERT_CHAIN_ENGINE_CONFIG, dwExclusiveFlags)) &&
            config->hExclusiveTrustedPeople);
}

/* All additional stores as one; NULL: there are none. */
static DWORD join_additional(const CERT_CHAIN_ENGINE_CONFIG *config, struct wh_store **joined)
{
    DWORD error = ERROR_SUCCESS;

    if (config->cAdditionalStore == 0)
        return ERROR_SUCCESS;
    *joined = wh_store_new();
    if (!*joined)
        return ERROR_NOT_ENOUGH_MEMORY;
    wh_store_make_collection(*joined);
    for (DWORD i = 0; !error && i < config->cAdditionalStore; i++) {
        struct wh_store *store =
            config->rghAdditionalStore ? wh_store_of(config->rghAdditionalStore[i]) : NULL;

        error = store ? wh_store_join(*joined, store, 0, 0) : (DWORD)E_INVALIDARG;
        wh_store_unref(&store);
    }
    return error;
}

static DWORD fill_engine(struct engine *engine, const CERT_CHAIN_ENGINE_CONFIG *config)
{
    HCERTSTORE exclusive = exclusive_root(config);
    HCERTSTORE roots = exclusive ? exclusive : config->hRestrictedRoot;

    engine->any_root = exclusive && exclusive_ca(config);
    engine->roots = roots ? wh_store_of(roots) : NULL;
    if (roots && !engine->roots)
        return (DWORD)E_INVALIDARG;
    return join_additional(config, &engine->others);
}

BOOL WINAPI CertCreateCertificateChainEngine(PCERT_CHAIN_ENGINE_CONFIG config,
                                             HCERTCHAINENGINE *handle)
{
    struct engine *engine;
    DWORD error;

    if (!config || !handle ||
        !reaches(config, offsetof(CERT_CHAIN_ENGINE_CONFIG, hExclusiveRoot)) ||
        asks_too_much(config)) {
        SetLastError((DWORD)E_INVALIDARG);
        return FALSE;
    }
    engine = wh_calloc(1, sizeof(*engine));
    if (!engine) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    error = fill_engine(engine, config);
    if (error) {
        end_engine(&engine->living);
        SetLastError(error);
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
    struct wh_cert_place place = {.store = NULL};
    struct wh_chain_request request = {.at = time, .usage = parameters, .flags = flags};
    struct engine *engine = NULL;
    DWORD error = (DWORD)E_INVALIDARG;

    if (chain)
        *chain = NULL;
    request.leaf = wh_cert_of_context(context, &place);
    request.leaf_store = place.store;
    request.leaf_id = place.id;
    request.others[0] = additional ? wh_store_of(additional) : NULL;
    request.others[1] = place.store;
    if (request.leaf && chain && !reserved && !(additional && !request.others[0]) &&
        !(parameters && parameters->cbSize < sizeof(*parameters)) && find_engine(handle, &engine)) {
        request.roots = engine ? engine->roots : NULL;
        request.any_root = engine && engine->any_root;
        request.others[2] =
            engine ? engine->others : NULL; /* as long as the engine, which is held */
        error = wh_chain_build(&request, chain);
    }
    wh_store_unref(&request.others[0]);
    wh_store_unref(&place.store);
    if (engine)
        wh_living_drop(WH_LIVING_ENGINE, &engine->living);
    wh_cert_unref(&request.leaf);
    if (error)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}
