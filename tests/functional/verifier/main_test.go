package main

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const origin = "code.example/assent"

// memory keeps a tree's hashes.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		hashes = append(hashes, m[index])
	}
	return hashes, nil
}

// world is a tree of some leaves with a checkpoint that three of four voters have signed.
type world struct {
	leaves    [][]byte
	hashes    memory
	keys      string
	signed    []byte
	verifiers note.Verifiers
}

func newWorld(t *testing.T, signers int) *world {
	t.Helper()
	w := &world{}
	for i := int64(0); i < 13; i++ {
		leaf := []byte(fmt.Sprintf("leaf %d", i))
		stored, err := tlog.StoredHashes(i, leaf, w.hashes)
		if err != nil {
			t.Fatal(err)
		}
		w.leaves = append(w.leaves, leaf)
		w.hashes = append(w.hashes, stored...)
	}
	var list []note.Signer
	for i := 0; i < 4; i++ {
		secret, public, err := note.GenerateKey(nil, origin)
		if err != nil {
			t.Fatal(err)
		}
		signer, err := note.NewSigner(secret)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, signer)
		w.keys += public + "\n"
	}
	root, err := tlog.TreeHash(13, w.hashes)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%s\n13\n%s\n", origin, base64.StdEncoding.EncodeToString(root[:]))
	w.signed, err = note.Sign(&note.Note{Text: text}, list[:signers]...)
	if err != nil {
		t.Fatal(err)
	}
	w.verifiers, err = readVerifiers(w.keys)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) proof(t *testing.T, index int64) []byte {
	t.Helper()
	hashes, err := tlog.ProveRecord(13, index, w.hashes)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("c2sp.org/tlog-proof@v1\nindex %d\n", index)
	for _, hash := range hashes {
		text += base64.StdEncoding.EncodeToString(hash[:]) + "\n"
	}
	return []byte(text + "\n" + string(w.signed))
}

func TestQuorumOfSignaturesIsNeeded(t *testing.T) {
	if point, err := openCheckpoint(newWorld(t, 3).signed, newWorld(t, 3).verifiers, 3); err == nil {
		t.Errorf("strangers' signatures were accepted: %v", point)
	}
	w := newWorld(t, 3)
	point, err := openCheckpoint(w.signed, w.verifiers, 3)
	if err != nil || point.signers != 3 || point.tree.N != 13 {
		t.Fatalf("%v %v", point, err)
	}
	few := newWorld(t, 2)
	if _, err := openCheckpoint(few.signed, few.verifiers, 3); err == nil {
		t.Error("two signatures were enough for three")
	}
}

func TestEveryLeafIsProved(t *testing.T) {
	w := newWorld(t, 3)
	for i, leaf := range w.leaves {
		if _, _, err := checkProof(w.proof(t, int64(i)), leaf, w.verifiers, 3); err != nil {
			t.Errorf("leaf %d: %v", i, err)
		}
	}
	if _, _, err := checkProof(w.proof(t, 4), w.leaves[5], w.verifiers, 3); err == nil {
		t.Error("another leaf was accepted")
	}
}

func TestNoChangedByteIsAccepted(t *testing.T) {
	w := newWorld(t, 3)
	proof := w.proof(t, 6)
	for i := range proof {
		changed := append([]byte{}, proof...)
		if i+1 < len(proof) && proof[i+1] == '=' {
			changed[i] ^= 8 // the low bits of this base64 digit say nothing
		} else {
			changed[i] ^= 1
		}
		if _, _, err := checkProof(changed, w.leaves[6], w.verifiers, 3); err == nil {
			t.Errorf("byte %d changed from %q: accepted", i, strings.ToValidUTF8(string(proof[i:i+1]), "?"))
		}
	}
}
