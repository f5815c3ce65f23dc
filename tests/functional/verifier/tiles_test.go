package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tiled = 2*tileWidth + 30

// newTiles makes the tiles of a tree, as files by path, and who has signed its checkpoint.
func newTiles(t *testing.T) (map[string][]byte, note.Verifiers) {
	t.Helper()
	files := map[string][]byte{}
	var hashes stored
	var leaves [][]byte
	for i := int64(0); i < tiled; i++ {
		leaf := []byte(fmt.Sprintf("leaf %d", i))
		more, err := tlog.StoredHashes(i, leaf, hashes)
		if err != nil {
			t.Fatal(err)
		}
		leaves, hashes = append(leaves, leaf), append(hashes, more...)
	}
	add := func(level int, items int64, item func(i int64) []byte) {
		_ = each(level, items, func(tile tlog.Tile) error {
			for i := int64(0); i < int64(tile.W); i++ {
				files[tilePath(tile)] = append(files[tilePath(tile)], item(tile.N*tileWidth+i)...)
			}
			return nil
		})
	}
	add(-1, tiled, func(i int64) []byte {
		var length [2]byte
		binary.BigEndian.PutUint16(length[:], uint16(len(leaves[i])))
		return append(length[:], leaves[i]...)
	})
	for level, items := 0, int64(tiled); items > 0; level, items = level+1, items>>tileHeight {
		add(level, items, func(i int64) []byte {
			hash := hashes[tlog.StoredHashIndex(level*tileHeight, i)]
			return hash[:]
		})
	}
	root, err := tlog.TreeHash(tiled, hashes)
	if err != nil {
		t.Fatal(err)
	}
	secret, public, err := note.GenerateKey(nil, origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, tiled, base64.StdEncoding.EncodeToString(root[:]))
	if files["checkpoint"], err = note.Sign(&note.Note{Text: text}, signer); err != nil {
		t.Fatal(err)
	}
	known, err := readVerifiers(public)
	if err != nil {
		t.Fatal(err)
	}
	return files, known
}

func fromFiles(files map[string][]byte) fetcher {
	return func(path string) ([]byte, error) {
		data, there := files[path]
		if !there {
			return nil, errors.New(path + " is not there")
		}
		return data, nil
	}
}

func TestTilesAreCheckedToTheLast(t *testing.T) {
	files, known := newTiles(t)
	point, count, err := checkTiles(fromFiles(files), known, 1)
	if err != nil || point.tree.N != tiled || count != len(files)-1 {
		t.Fatalf("%v %d of %d files, %v", point, count, len(files), err)
	}
	for path := range files {
		if strings.Contains(path, "x") {
			t.Errorf("%s: so small a tree needs no group", path)
		}
	}
}

func TestNoTileCanBeChangedOrMissing(t *testing.T) {
	files, known := newTiles(t)
	for path, data := range files {
		changed := map[string][]byte{}
		for other, same := range files {
			changed[other] = same
		}
		delete(changed, path)
		if _, _, err := checkTiles(fromFiles(changed), known, 1); err == nil {
			t.Errorf("%s was missing, and nobody noticed", path)
		}
		for _, at := range []int{0, len(data) / 2, len(data) - 2} {
			changed[path] = append([]byte{}, data...)
			changed[path][at] ^= 1
			if _, _, err := checkTiles(fromFiles(changed), known, 1); err == nil {
				t.Errorf("byte %d of %s was changed, and nobody noticed", at, path)
			}
		}
	}
}
