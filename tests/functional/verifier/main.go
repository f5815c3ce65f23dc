// Verifier checks what an Assent node hands out with the code that Go's own checksum database is checked with, and
// nothing of Assent's but its stricter rules for signatures: a checkpoint as a signed note, an entry's tlog-proof under that
// checkpoint, and the whole log as static tiles.
//
// usage: verifier -vkeys FILE -quorum N -note FILE
//
//	verifier -vkeys FILE -quorum N -proof FILE -leaf FILE
//	verifier -vkeys FILE -quorum N -tiles URL|DIR
//
// Prints the size and root of the tree, and exits with 1 when something does not verify.
package main

import (
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// checkpoint is what a note's text says.
type checkpoint struct {
	origin  string
	tree    tlog.Tree
	signers int
}

// readVerifiers takes the lines that `assent members --vkeys` prints.
func readVerifiers(lines string) (note.Verifiers, error) {
	var list []note.Verifier
	for _, line := range strings.Fields(lines) {
		verifier, err := newStrict(line)
		if err != nil {
			return nil, fmt.Errorf("verifier key %q: %w", line, err)
		}
		list = append(list, verifier)
	}
	return note.VerifierList(list...), nil
}

// openCheckpoint verifies a note: at least `quorum` of the known keys have signed it.
func openCheckpoint(data []byte, known note.Verifiers, quorum int) (*checkpoint, error) {
	opened, err := note.Open(data, known)
	if err != nil {
		return nil, err
	}
	if len(opened.Sigs) < quorum {
		return nil, fmt.Errorf("%d signatures are good, %d are needed", len(opened.Sigs), quorum)
	}
	if len(opened.UnverifiedSigs) > 0 {
		return nil, fmt.Errorf("%d signatures are by nobody that is known", len(opened.UnverifiedSigs))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return nil, errors.New("the text is not three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return nil, err
	}
	root, err := decodeHash(lines[2])
	if err != nil {
		return nil, err
	}
	for _, signature := range opened.Sigs {
		if signature.Name != lines[0] {
			return nil, fmt.Errorf("signed for %q, not for %q", signature.Name, lines[0])
		}
	}
	return &checkpoint{lines[0], tlog.Tree{N: size, Hash: root}, len(opened.Sigs)}, nil
}

func decodeHash(text string) (tlog.Hash, error) {
	var hash tlog.Hash
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(data) != len(hash) {
		return hash, fmt.Errorf("%q is not the base64 of a hash", text)
	}
	copy(hash[:], data)
	return hash, nil
}

// checkProof verifies a C2SP tlog-proof of a leaf, and the checkpoint in it.
func checkProof(data, leaf []byte, known note.Verifiers, quorum int) (int64, *checkpoint, error) {
	head, signed, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return 0, nil, errors.New("not a tlog-proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil || !strings.HasPrefix(lines[1], "index ") {
		return 0, nil, errors.New("line 2 is no index")
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := decodeHash(line)
		if err != nil {
			return 0, nil, err
		}
		proof = append(proof, hash)
	}
	point, err := openCheckpoint([]byte(signed), known, quorum)
	if err != nil {
		return 0, nil, err
	}
	return index, point, tlog.CheckRecord(proof, point.tree.N, point.tree.Hash, index, tlog.RecordHash(leaf))
}

func run(vkeys, noteFile, proofFile, leafFile, tiles string, quorum int) error {
	keys, err := os.ReadFile(vkeys)
	if err != nil {
		return err
	}
	known, err := readVerifiers(string(keys))
	if err != nil {
		return err
	}
	if tiles != "" {
		point, count, err := checkTiles(from(tiles), known, quorum)
		if err != nil {
			return err
		}
		fmt.Printf("%s size %d root %x signers %d tiles %d\n", point.origin, point.tree.N, point.tree.Hash[:],
			point.signers, count)
		return nil
	}
	if proofFile == "" {
		data, err := os.ReadFile(noteFile)
		if err != nil {
			return err
		}
		point, err := openCheckpoint(data, known, quorum)
		if err != nil {
			return err
		}
		fmt.Printf("%s size %d root %x signers %d\n", point.origin, point.tree.N, point.tree.Hash[:], point.signers)
		return nil
	}
	data, err := os.ReadFile(proofFile)
	if err != nil {
		return err
	}
	leaf, err := os.ReadFile(leafFile)
	if err != nil {
		return err
	}
	index, point, err := checkProof(data, leaf, known, quorum)
	if err != nil {
		return err
	}
	fmt.Printf("entry %d of %s size %d root %x signers %d\n", index, point.origin, point.tree.N, point.tree.Hash[:],
		point.signers)
	return nil
}

func main() {
	vkeys := flag.String("vkeys", "", "verifier keys, one a line")
	quorum := flag.Int("quorum", 0, "so many must have signed")
	noteFile := flag.String("note", "", "checkpoint")
	proofFile := flag.String("proof", "", "tlog-proof")
	leafFile := flag.String("leaf", "", "leaf data")
	tiles := flag.String("tiles", "", "where the static tiles are")
	flag.Parse()
	asked := 0
	for _, what := range []string{*noteFile, *proofFile, *tiles} {
		if what != "" {
			asked++
		}
	}
	if *vkeys == "" || *quorum < 1 || asked != 1 || (*proofFile == "") != (*leafFile == "") {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*vkeys, *noteFile, *proofFile, *leafFile, *tiles, *quorum); err != nil {
		fmt.Fprintln(os.Stderr, "verifier:", err)
		os.Exit(1)
	}
}
