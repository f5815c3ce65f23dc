package main

import (
	"encoding/base64"
	"math/big"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Go's Ed25519 takes keys of small order, and others under which a signature can be good or bad as one likes. What Assent
// takes is written in docs/formats.md, "Which keys and signatures are valid".

var (
	fieldPrime = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	groupOrder = new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 252), bigFrom("27742317777372353535851937790883648493"))
)

func bigFrom(digits string) *big.Int {
	number, _ := new(big.Int).SetString(digits, 10)
	return number
}

// littleEndian is the number of these bytes, the least first.
func littleEndian(data []byte) *big.Int {
	number := new(big.Int)
	for i := len(data) - 1; i >= 0; i-- {
		number.Or(number.Lsh(number, 8), big.NewInt(int64(data[i])))
	}
	return number
}

// hasPrimeOrder says whether 32 bytes are the canonical form of a point of the order L. The Montgomery ladder (RFC 7748,
// section 5) computes L times the point from y alone, as u = (1 + y) / (1 - y); no number that is no point has that order.
func hasPrimeOrder(data []byte) bool {
	y := littleEndian(data)
	y.SetBit(y, 255, 0) // the sign of x
	one := big.NewInt(1)
	if y.Cmp(one) <= 0 || y.Cmp(new(big.Int).Sub(fieldPrime, one)) >= 0 {
		return false
	}
	add := func(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }
	sub := func(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) }
	mul := func(a, b *big.Int) *big.Int { a = new(big.Int).Mul(a, b); return a.Mod(a, fieldPrime) }
	u, w := add(one, y), sub(one, y)
	x2, z2, x3, z3 := big.NewInt(1), big.NewInt(0), u, w
	for i := groupOrder.BitLen() - 1; i >= 0; i-- {
		if groupOrder.Bit(i) == 1 {
			x2, z2, x3, z3 = x3, z3, x2, z2
		}
		a, b, c, d := add(x2, z2), sub(x2, z2), add(x3, z3), sub(x3, z3)
		aa, bb, da, cb := mul(a, a), mul(b, b), mul(d, a), mul(c, b)
		e := sub(aa, bb)
		x2, z2 = mul(aa, bb), mul(e, add(aa, mul(big.NewInt(121665), e)))
		x3, z3 = mul(w, mul(add(da, cb), add(da, cb))), mul(u, mul(sub(da, cb), sub(da, cb)))
		if groupOrder.Bit(i) == 1 {
			x2, z2, x3, z3 = x3, z3, x2, z2
		}
	}
	return z2.Sign() == 0
}

// strict is a verifier that takes no other signatures than Assent does.
type strict struct {
	note.Verifier
	goodKey bool
}

// newStrict reads a verifier key.
func newStrict(vkey string) (note.Verifier, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, err
	}
	// The third of its fields is a byte for the kind of the key, and the key.
	key, err := base64.StdEncoding.DecodeString(strings.SplitN(vkey, "+", 3)[2])
	return strict{verifier, err == nil && hasPrimeOrder(key[1:])}, err
}

func (s strict) Verify(message, signature []byte) bool {
	return s.goodKey && len(signature) == 64 && hasPrimeOrder(signature[:32]) &&
		littleEndian(signature[32:]).Cmp(groupOrder) < 0 && s.Verifier.Verify(message, signature)
}
