/* interlockedapi.h - atomic arithmetic, for a variable of any width.
 *
 * Windows' functions take LONG volatile *, and Windows' long is a LONG. Ported programs therefore
 * pass long *, which has 64 bits here: every operation adapts to the width of what it is given,
 * as macros in C and as templates in C++. All are full barriers; the Acquire, Release and NoFence
 * spellings of the read-modify-write operations are no weaker.
 */
#ifndef _INTERLOCKAPI_H_
#define _INTERLOCKAPI_H_

#include <winnt.h>

#ifdef __cplusplus

template <class T> inline T InterlockedIncrement(T volatile *p)
{
    return __atomic_add_fetch(p, 1, __ATOMIC_SEQ_CST);
}
template <class T> inline T InterlockedDecrement(T volatile *p)
{
    return __atomic_sub_fetch(p, 1, __ATOMIC_SEQ_CST);
}
template <class T, class V> inline T InterlockedExchange(T volatile *p, V v)
{
    return __atomic_exchange_n(p, (T)v, __ATOMIC_SEQ_CST);
}
template <class T, class V> inline T InterlockedExchangeAdd(T volatile *p, V v)
{
    return __atomic_fetch_add(p, (T)v, __ATOMIC_SEQ_CST);
}
template <class T, class V> inline T InterlockedAnd(T volatile *p, V v)
{
    return __atomic_fetch_and(p, (T)v, __ATOMIC_SEQ_CST);
}
template <class T, class V> inline T InterlockedOr(T volatile *p, V v)
{
    return __atomic_fetch_or(p, (T)v, __ATOMIC_SEQ_CST);
}
template <class T, class V> inline T InterlockedXor(T volatile *p, V v)
{
    return __atomic_fetch_xor(p, (T)v, __ATOMIC_SEQ_CST);
}
template <class T, class V> inline T InterlockedAdd(T volatile *p, V v)
{
    return __atomic_add_fetch(p, (T)v, __ATOMIC_SEQ_CST);
}
template <class T, class V, class O> inline T InterlockedCompareExchange(T volatile *p, V v, O old)
{
    return __sync_val_compare_and_swap(p, (T)old, (T)v);
}
inline PVOID InterlockedExchangePointer(PVOID volatile *p, PVOID v)
{
    return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);
}
inline PVOID InterlockedCompareExchangePointer(PVOID volatile *p, PVOID v, PVOID old)
{
    return __sync_val_compare_and_swap(p, old, v);
}

#else

#define InterlockedIncrement(p)                      __atomic_add_fetch((p), 1, __ATOMIC_SEQ_CST)
#define InterlockedDecrement(p)                      __atomic_sub_fetch((p), 1, __ATOMIC_SEQ_CST)
#define InterlockedExchange(p, v)                    __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedExchangeAdd(p, v)                 __atomic_fetch_add((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedAnd(p, v)                         __atomic_fetch_and((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedOr(p, v)                          __atomic_fetch_or((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedXor(p, v)                         __atomic_fetch_xor((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedAdd(p, v)                         __atomic_add_fetch((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedCompareExchange(p, v, old)        __sync_val_compare_and_swap((p), (old), (v))
#define InterlockedExchangePointer(p, v)             __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)
#define InterlockedCompareExchangePointer(p, v, old) __sync_val_compare_and_swap((p), (old), (v))

#endif

/* Set or clear a bit; tell what it was. `bit` counts within the LONG. */
static inline unsigned char InterlockedBitTestAndSet(LONG volatile *p, LONG bit)
{
    DWORD mask = 1u << (bit & 31);
    return ((DWORD)__atomic_fetch_or(p, (LONG)mask, __ATOMIC_SEQ_CST) & mask) != 0;
}
static inline unsigned char InterlockedBitTestAndReset(LONG volatile *p, LONG bit)
{
    DWORD mask = 1u << (bit & 31);
    return ((DWORD)__atomic_fetch_and(p, (LONG)~mask, __ATOMIC_SEQ_CST) & mask) != 0;
}

/* One operation, many spellings. */
#define InterlockedIncrementAcquire              InterlockedIncrement
#define InterlockedIncrementRelease              InterlockedIncrement
#define InterlockedIncrementNoFence              InterlockedIncrement
#define InterlockedDecrementAcquire              InterlockedDecrement
#define InterlockedDecrementRelease              InterlockedDecrement
#define InterlockedDecrementNoFence              InterlockedDecrement
#define InterlockedExchangeAcquire               InterlockedExchange
#define InterlockedExchangeRelease               InterlockedExchange
#define InterlockedExchangeNoFence               InterlockedExchange
#define InterlockedExchangeAddAcquire            InterlockedExchangeAdd
#define InterlockedExchangeAddRelease            InterlockedExchangeAdd
#define InterlockedExchangeAddNoFence            InterlockedExchangeAdd
#define InterlockedAndAcquire                    InterlockedAnd
#define InterlockedAndRelease                    InterlockedAnd
#define InterlockedAndNoFence                    InterlockedAnd
#define InterlockedOrAcquire                     InterlockedOr
#define InterlockedOrRelease                     InterlockedOr
#define InterlockedOrNoFence                     InterlockedOr
#define InterlockedXorAcquire                    InterlockedXor
#define InterlockedXorRelease                    InterlockedXor
#define InterlockedXorNoFence                    InterlockedXor
#define InterlockedAddAcquire                    InterlockedAdd
#define InterlockedAddRelease                    InterlockedAdd
#define InterlockedAddNoFence                    InterlockedAdd
#define InterlockedCompareExchangeAcquire        InterlockedCompareExchange
#define InterlockedCompareExchangeRelease        InterlockedCompareExchange
#define InterlockedCompareExchangeNoFence        InterlockedCompareExchange
#define InterlockedExchangePointerAcquire        InterlockedExchangePointer
#define InterlockedExchangePointerRelease        InterlockedExchangePointer
#define InterlockedExchangePointerNoFence        InterlockedExchangePointer
#define InterlockedCompareExchangePointerAcquire InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerRelease InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerNoFence InterlockedCompareExchangePointer
#define InterlockedIncrement16                   InterlockedIncrement
#define InterlockedIncrement64                   InterlockedIncrement
#define InterlockedIncrement64Acquire            InterlockedIncrement
#define InterlockedIncrement64Release            InterlockedIncrement
#define InterlockedIncrement64NoFence            InterlockedIncrement
#define InterlockedDecrement16                   InterlockedDecrement
#define InterlockedDecrement64                   InterlockedDecrement
#define InterlockedDecrement64Acquire            InterlockedDecrement
#define InterlockedDecrement64Release            InterlockedDecrement
#define InterlockedDecrement64NoFence            InterlockedDecrement
#define InterlockedExchange16                    InterlockedExchange
#define InterlockedExchange64                    InterlockedExchange
#define InterlockedExchange64Acquire             InterlockedExchange
#define InterlockedExchange64Release             InterlockedExchange
#define InterlockedExchange64NoFence             InterlockedExchange
#define InterlockedExchangeAdd64                 InterlockedExchangeAdd
#define InterlockedExchangeAdd64Acquire          InterlockedExchangeAdd
#define InterlockedExchangeAdd64Release          InterlockedExchangeAdd
#define InterlockedExchangeAdd64NoFence          InterlockedExchangeAdd
#define InterlockedAnd16                         InterlockedAnd
#define InterlockedAnd64                         InterlockedAnd
#define InterlockedAnd64Acquire                  InterlockedAnd
#define InterlockedAnd64Release                  InterlockedAnd
#define InterlockedAnd64NoFence                  InterlockedAnd
#define InterlockedOr16                          InterlockedOr
#define InterlockedOr64                          InterlockedOr
#define InterlockedOr64Acquire                   InterlockedOr
#define InterlockedOr64Release                   InterlockedOr
#define InterlockedOr64NoFence                   InterlockedOr
#define InterlockedXor16                         InterlockedXor
#define InterlockedXor64                         InterlockedXor
#define InterlockedXor64Acquire                  InterlockedXor
#define InterlockedXor64Release                  InterlockedXor
#define InterlockedXor64NoFence                  InterlockedXor
#define InterlockedAdd64                         InterlockedAdd
#define InterlockedAdd64Acquire                  InterlockedAdd
#define InterlockedAdd64Release                  InterlockedAdd
#define InterlockedAdd64NoFence                  InterlockedAdd
#define InterlockedCompareExchange16             InterlockedCompareExchange
#define InterlockedCompareExchange64             InterlockedCompareExchange
#define InterlockedCompareExchange64Acquire      InterlockedCompareExchange
#define InterlockedCompareExchange64Release      InterlockedCompareExchange
#define InterlockedCompareExchange64NoFence      InterlockedCompareExchange
#define InterlockedExchange8                     InterlockedExchange
#define InterlockedExchangeAdd8                  InterlockedExchangeAdd
#define InterlockedAnd8                          InterlockedAnd
#define InterlockedOr8                           InterlockedOr
#define InterlockedXor8                          InterlockedXor
#define InterlockedExchangeSubtract(p, v)        InterlockedExchangeAdd((p), 0 - (v))

/* The compiler intrinsics of the same purpose. Macros: some compilers know functions so named. */
#define _InterlockedIncrement              InterlockedIncrement
#define _InterlockedDecrement              InterlockedDecrement
#define _InterlockedExchange               InterlockedExchange
#define _InterlockedExchangeAdd            InterlockedExchangeAdd
#define _InterlockedAnd                    InterlockedAnd
#define _InterlockedOr                     InterlockedOr
#define _InterlockedXor                    InterlockedXor
#define _InterlockedAdd                    InterlockedAdd
#define _InterlockedCompareExchange        InterlockedCompareExchange
#define _InterlockedExchangePointer        InterlockedExchangePointer
#define _InterlockedCompareExchangePointer InterlockedCompareExchangePointer
#define _InterlockedIncrement64            InterlockedIncrement
#define _InterlockedDecrement64            InterlockedDecrement
#define _InterlockedExchange64             InterlockedExchange
#define _InterlockedExchangeAdd64          InterlockedExchangeAdd
#define _InterlockedAnd64                  InterlockedAnd
#define _InterlockedOr64                   InterlockedOr
#define _InterlockedXor64                  InterlockedXor
#define _InterlockedAdd64                  InterlockedAdd
#define _InterlockedCompareExchange64      InterlockedCompareExchange
#define _InterlockedIncrement16            InterlockedIncrement
#define _InterlockedDecrement16            InterlockedDecrement
#define _InterlockedExchange16             InterlockedExchange
#define _InterlockedAnd16                  InterlockedAnd
#define _InterlockedOr16                   InterlockedOr
#define _InterlockedXor16                  InterlockedXor
#define _InterlockedCompareExchange16      InterlockedCompareExchange
#define _InterlockedExchange8              InterlockedExchange
#define _InterlockedExchangeAdd8           InterlockedExchangeAdd
#define _InterlockedAnd8                   InterlockedAnd
#define _InterlockedOr8                    InterlockedOr
#define _InterlockedXor8                   InterlockedXor
#define _InterlockedCompareExchange8       InterlockedCompareExchange
#define _interlockedbittestandset          InterlockedBitTestAndSet
#define _interlockedbittestandreset        InterlockedBitTestAndReset

/* Plain loads and stores with the ordering their names state. */
#define ReadAcquire(p)      __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define ReadNoFence(p)      __atomic_load_n((p), __ATOMIC_RELAXED)
#define ReadRaw(p)          __atomic_load_n((p), __ATOMIC_RELAXED)
#define WriteRelease(p, v)  __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define WriteNoFence(p, v)  __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define WriteRaw(p, v)      __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define ReadAcquire64       ReadAcquire
#define ReadNoFence64       ReadNoFence
#define WriteRelease64      WriteRelease
#define WriteNoFence64      WriteNoFence
#define ReadPointerAcquire  ReadAcquire
#define ReadPointerNoFence  ReadNoFence
#define ReadPointerRaw      ReadRaw
#define WritePointerRelease WriteRelease
#define WritePointerNoFence WriteNoFence
#define ReadULongAcquire    ReadAcquire
#define ReadULongNoFence    ReadNoFence
#define WriteULongRelease   WriteRelease
#define ReadULong64Acquire  ReadAcquire

#define MemoryBarrier()  __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define YieldProcessor() WINPOSIX_CPU_RELAX()
#if defined(__x86_64__) || defined(__i386__)
#define WINPOSIX_CPU_RELAX() __builtin_ia32_pause()
#elif defined(__aarch64__) || defined(__arm__)
#define WINPOSIX_CPU_RELAX() __asm__ __volatile__("yield")
#else
#define WINPOSIX_CPU_RELAX() __asm__ __volatile__("" ::: "memory")
#endif

#endif
