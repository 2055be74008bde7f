import type { MaterialKind } from '../../services/learning'
import type { Picked } from '../../services/uploads'

/** As many pages or pictures as the album gives at a time. */
const AT_ONCE = 9

const fromChat = async (extension: string[]): Promise<Picked[]> => {
  const { tempFiles } = await wx.chooseMessageFile({ count: 1, type: 'file', extension })
  return tempFiles.map((f) => ({ path: f.path, name: f.name, size: f.size }))
}

const fromAlbum = async (type: 'image' | 'video', count: number): Promise<Picked[]> => {
  const { tempFiles } = await wx.chooseMedia({ count, mediaType: [type], sourceType: ['album', 'camera'], sizeType: ['original', 'compressed'], maxDuration: 60 })
  return tempFiles.map((f) => ({ path: f.tempFilePath, name: f.tempFilePath, size: f.size }))
}

export const choosePictures = (): Promise<Picked[]> => fromAlbum('image', AT_ONCE)

/** The file that an item of this kind is made of; nothing: it was called off. */
export async function chooseFor(kind: MaterialKind): Promise<Picked[]> {
  try {
    if (kind === 'pdf') return await fromChat(['pdf'])
    if (kind === 'audio') return await fromChat(['mp3', 'm4a'])
    if (kind === 'video') {
      const { tapIndex } = await wx.showActionSheet({ itemList: ['从相册选', '从聊天里选文件'] })
      return await (tapIndex ? fromChat(['mp4', 'mov']) : fromAlbum('video', 1))
    }
    return await choosePictures()
  } catch (e) {
    // Closing the chooser is an answer too; a refused permission is not.
    if (!((e as { errMsg?: string }).errMsg ?? '').includes('cancel')) void wx.showToast({ title: '打不开相册，请在设置里允许', icon: 'none' })
    return []
  }
}

/** Kinds that begin with a file. */
export const hasFile = (kind: MaterialKind): boolean => kind === 'video' || kind === 'audio' || kind === 'pdf'
