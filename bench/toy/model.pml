/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The toy (tests/explore/toy_world.c) for Spin: a vCPU that faults a page in
 * and then pins it late, a migrator, further vCPUs.  One atomic block is one
 * atomic step.
 *
 *	spin -DNV=2 -DNRETRY=2 -a model.pml && gcc -O2 -DSAFETY -o pan pan.c && ./pan
 *
 * NV: vCPUs.  NRETRY: tries of the migrator.  BUG=1: it looks at the count and
 * moves in two steps; FIND=3 looks for that.
 */
#ifndef BUG
#define BUG 0
#endif
#ifndef NRETRY
#define NRETRY 1
#endif
#ifndef NV
#define NV 1
#endif
#ifndef PIN
#define PIN 1
#endif
#ifndef FIND
#define FIND 0
#endif
#define MIG 9
#define NONE 8
#define FRZ (-1000)
short seq=0, inprog=0, lru=1, pte=0, lk=0;
short ref[2]; short spte[2];
bool ev_eagain=0, ev_pin=0;

inline VIOL(c) { assert(FIND!=3 || (c)) }

proctype vcpu(byte me; bool dopin) {
  short s, p, q, ip, s2;
  s = seq;
  atomic { p = pte; if :: p==MIG -> goto done :: else fi }
  atomic { if :: ref[p] < 0 -> ref[p]=ref[p]+1; goto undo :: else -> ref[p]=ref[p]+1 fi }
  atomic { q = pte; if :: q!=p -> goto undo :: else fi }
  atomic { lk==0 -> lk=1 }
  ip = inprog;
  atomic { s2 = seq; if :: (ip!=0 || s2!=s) -> goto unl :: else fi }
  spte[me] = p;
  lk = 0;
  atomic { ref[p]=ref[p]-1; if :: !dopin -> goto done :: else fi }
  atomic { q = pte; if :: q==MIG -> ev_pin=1; assert(FIND!=2); goto done
                       :: q==1 -> goto pin1 :: else fi }
  atomic { if :: lru==1 -> lru=0 :: else -> ev_pin=1; assert(FIND!=2); goto done fi }
  pte = MIG;
#if BUG
  atomic { if :: ref[0]!=1 -> goto pinfail :: else fi }
  VIOL(ref[0]==1);
#else
  atomic { if :: ref[0]==1 -> ref[0]=FRZ :: else -> goto pinfail fi }
#endif
  ref[1]=2;
  pte=1; goto done;
pinfail: pte=0; atomic { lru=1; ev_pin=1; assert(FIND!=2); goto done }
pin1: atomic { ref[1]=ref[1]+1; goto done }
unl: lk=0;
undo: ref[p]=ref[p]-1;
done: skip
}
proctype migrator() {
  byte t=0; short v;
  atomic { if :: lru==1 -> lru=0 :: else -> goto done fi }
  ref[0]=ref[0]+1;
again:
  atomic { lk==0 -> lk=1 }
  v = inprog; inprog = v+1;
  spte[0]=NONE;
#if NV>1
  spte[1]=NONE;
#endif
  lk=0;
  pte=MIG;
  atomic { lk==0 -> lk=1 }
  v=seq; seq=v+1; v=inprog; inprog=v-1; lk=0;
#if BUG
  atomic { if :: ref[0]!=2 -> goto fail :: else fi }
  VIOL(ref[0]==2);
#else
  atomic { if :: ref[0]==2 -> ref[0]=FRZ :: else -> goto fail fi }
#endif
  ref[1]=1; atomic { pte=1; goto done }
fail:
  atomic { pte=0; t++; if :: t<NRETRY -> goto again :: else fi }
  ref[0]=ref[0]-1; atomic { lru=1; ev_eagain=1; assert(FIND!=1) }
done: skip
}
init { atomic { ref[0]=1; spte[0]=NONE; spte[1]=NONE;
 run vcpu(0,PIN); run migrator();
#if NV>1
 run vcpu(1,0);
#endif
#if NV>2
 run vcpu(1,0);
#endif
#if NV>3
 run vcpu(1,0);
#endif
 } }
